using System.Diagnostics;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>Several searches over one view, and one ranking of theirs.</summary>
/// <param name="progress">Sees the ranking of the queries answered so far; null for nobody.</param>
internal sealed class HybridSearch(
    View view, HybridRequest request, CollectionSettings settings, ISearchProgress? progress, TimeProvider clock, CancellationToken cancel)
{
    private readonly List<SearchResult> _answered = [];

    public HybridResult Run()
    {
        Check();
        IReadOnlyList<HybridHit> fused = [];
        TimeSpan fusing = TimeSpan.Zero;
        for (int part = 0; part < request.Parts.Count; part++)
        {
            _answered.Add(Run(part));
            bool isLast = part == request.Parts.Count - 1;
            if (isLast || progress is { IsWanted: true })
            {
                long began = Stopwatch.GetTimestamp();
                fused = RankFusion.Of(request, _answered);
                fusing += Stopwatch.GetElapsedTime(began);
                Show(fused, isLast);
            }
        }
        return new HybridResult { Hits = fused, Parts = _answered, FusionTime = fusing };
    }

    private void Show(IReadOnlyList<HybridHit> fused, bool isLast)
    {
        long matches = _answered[0].Plan.Matches;
        progress?.Improved(new SearchMoment([.. fused.Select(static h => h.ToHit())], isLast, isLast ? matches : 0, matches));
    }

    private SearchResult Run(int at)
    {
        HybridPart part = request.Parts[at];
        int depth = request.DepthOf(part);
        try
        {
            // Of the plan the first query tells; what it finds is not shown before it is ranked with the others.
            ISearchProgress? planned = at == 0 && progress is not null ? new PlanOnly(progress) : null;
            QueryRequest query = part.Query with
            {
                Count = depth,
                Offset = 0,
                Filter = request.Filter,
                Late = null,
                AllowPartial = request.AllowPartial,
            };
            return ViewSearch.Run(view, query, settings, planned, clock, cancel);
        }
        catch (CollectionException refused)
        {
            throw new CollectionException(refused.Error, $"{PathOf(at)}.{refused.Field}", refused.What, refused.Fix, refused)
            {
                Expected = refused.Expected,
                Actual = refused.Actual,
            };
        }
    }

    private void Check()
    {
        if (request.Parts.Count is < 1 or > HybridRequest.MaxParts)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "hybrid.components",
                $"{request.Parts.Count} queries are to be fused, 1 to {HybridRequest.MaxParts} are possible.", "Send fewer.");
        }
        for (int i = 0; i < request.Parts.Count; i++)
        {
            if (!(request.Parts[i].Weight is > 0 and <= HybridRequest.MaxWeight))
            {
                throw Invalid(
                    $"{PathOf(i)}.weight", $"The weight is {request.Parts[i].Weight}, above 0 to {HybridRequest.MaxWeight} is possible.");
            }
        }
        if (!(request.RankConstant is >= 0 and <= HybridRequest.MaxRankConstant))
        {
            throw Invalid("hybrid.fusion", $"The rank constant is {request.RankConstant}, 0 to {HybridRequest.MaxRankConstant} is possible.");
        }
        if (request.Count is < 1 or > SearchRequest.MaxHits || request.Offset < 0 || (long)request.Offset + request.Count > SearchRequest.MaxHits)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "k",
                $"{request.Count} hits behind {request.Offset} were asked for, {SearchRequest.MaxHits} together are possible.", "Ask for fewer.");
        }
        if (!request.Filter.IsEmpty)
        {
            // It is no query's own: what is wrong with it is said of the whole.
            CompiledFilter.Compile(request.Filter, view.Schema, settings.StricterOf(request.Unindexed));
        }
        CheckBounds();
    }

    private void CheckBounds()
    {
        if (request.Fusion != FusionKind.Convex || request.Scaling != ScoreScaling.Bounds)
        {
            return;
        }
        if (request.Parts.Any(static p => p is HybridPart.ByPostings { Request: SparseSearchRequest }))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "hybrid.fusion", "Nothing bounds the scores of a sparse vector: they are dot products.",
                "Scale by the range of the hits, or fuse by ranks.");
        }
        foreach (HybridPart.ByMulti part in request.Parts.OfType<HybridPart.ByMulti>())
        {
            int at = part.Request.VectorName is { } name ? view.Schema.MultiAt(name) : 0;
            if (at >= 0 && at < view.Schema.MultiVectors.Count && view.Schema.MultiVectors[at].Metric != VectorMetric.Cosine)
            {
                throw Unbounded(view.Schema.MultiVectors[at].Name, view.Schema.MultiVectors[at].Metric);
            }
        }
        foreach (HybridPart.ByVector part in request.Parts.OfType<HybridPart.ByVector>())
        {
            int at = part.Request.VectorName is { } name ? view.Schema.VectorAt(name) : 0;
            if (at >= 0 && at < view.Schema.Vectors.Count && view.Schema.Vectors[at].Metric != VectorMetric.Cosine)
            {
                throw Unbounded(view.Schema.Vectors[at].Name, view.Schema.Vectors[at].Metric);
            }
        }
    }

    private static CollectionException Unbounded(string vector, VectorMetric metric) => new(
        CollectionError.FieldInvalid, "hybrid.fusion", $"Nothing bounds the scores of vector \"{vector}\" ({metric}).",
        "Scale by the range of the hits, or fuse by ranks.");

    private static string PathOf(int part) => $"hybrid.components[{part}]";

    private static CollectionException Invalid(string field, string what) =>
        new(CollectionError.FieldInvalid, field, what, "Leave it out for the default.");

    private sealed class PlanOnly(ISearchProgress progress) : ISearchProgress
    {
        public bool IsWanted => false;

        public void Planned(long matches, int segments, ulong sequence) => progress.Planned(matches, segments, sequence);

        public void Improved(SearchMoment moment)
        {
        }
    }
}
