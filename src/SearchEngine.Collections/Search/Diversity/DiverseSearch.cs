using System.Diagnostics;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search.Diversity;

/// <summary>
/// Searches for candidates and chooses hits among them that differ. Two hits are as similar as the cosine of their stored vectors, whatever the
/// metric: of the vector that is searched, or the first one that is, of several. Relevance is the score where that is a cosine, too; any
/// other is scaled to 0 to 1 by the least and the greatest of the candidates.
/// </summary>
internal sealed class DiverseSearch(
    View view, QueryRequest request, Diversification asked, CollectionSettings settings, TimeProvider clock, CancellationToken cancel)
{
    /// <summary>Numbers of the candidates' vectors that are held while choosing: 128 MiB.</summary>
    private const int MaxNumbers = 32 << 20;

    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public DiverseResult Run(ISearchProgress? progress)
    {
        Check();
        SearchRequest dense = Dense();
        int wanted = request.Offset + request.Count, depth = Math.Max(asked.Candidates, wanted);
        CheckMemory(dense, depth);
        // What is found on the way is shown in the plain order, and as not final.
        ISearchProgress? candidates = progress is null ? null : new CandidateProgress(progress, request.Offset, request.Count);
        QueryRequest first = request with { Count = depth, Offset = 0 };
        HybridResult? fused = first is HybridRequest hybrid ? ViewSearch.Run(view, hybrid, settings, candidates, clock, cancel) : null;
        SearchResult found = fused?.AsOne() ?? ViewSearch.Run(view, first, settings, candidates, clock, cancel);

        long began = Stopwatch.GetTimestamp();
        int vector = CheckedQuery.Position(view.Schema, dense.VectorName);
        var rows = new UnitRows(view, vector, found.Hits);
        bool isCosine = fused is null && request.Late is null && view.Schema.Vectors[vector].Metric == VectorMetric.Cosine;
        List<int> chosen = MarginalRelevance.Choose(
            Relevance(found.Hits, isCosine), rows.Cosine, wanted, asked.Strength, cancel, out bool isWhole);
        if (!isWhole && !request.AllowPartial)
        {
            cancel.ThrowIfCancellationRequested();
        }
        int[] order = [.. chosen.Skip(request.Offset)];
        return new DiverseResult
        {
            Result = found with
            {
                Hits = [.. order.Select(i => found.Hits[i])],
                Late = found.Late is { } late ? [.. order.Select(i => late[i])] : null,
                IncompleteReason = found.IncompleteReason ?? (isWhole ? null : "The search was cancelled before all hits were chosen."),
            },
            Fused = fused is null ? null : fused with { Hits = [.. order.Select(i => fused.Hits[i])] },
            Ranks = [.. order.Select(static i => i + 1)],
            ChoiceTime = Stopwatch.GetElapsedTime(began),
        };
    }

    private static float[] Relevance(IReadOnlyList<Hit> hits, bool isCosine)
    {
        if (isCosine || hits.Count == 0)
        {
            return [.. hits.Select(static h => h.Score)];
        }
        float least = hits.Min(static h => h.Score), range = hits.Max(static h => h.Score) - least;
        return [.. hits.Select(h => range > 0 ? (h.Score - least) / range : 1)];
    }

    private SearchRequest Dense() => (request switch
    {
        SearchRequest vector => vector,
        HybridRequest several => several.Parts.OfType<HybridPart.ByVector>().FirstOrDefault()?.Request,
        _ => null,
    }) ?? throw new CollectionException(
        CollectionError.FieldInvalid, "diversity", "No dense vector is searched, and how much hits differ is told by their dense vectors.",
        "Search by a vector, a text or an id, alone or among several queries.");

    private void CheckMemory(SearchRequest dense, int depth)
    {
        int at = dense.VectorName is null ? 0 : view.Schema.VectorAt(dense.VectorName);
        if (at >= 0 && at < view.Schema.Vectors.Count && (long)depth * view.Schema.Vectors[at].Dimension > MaxNumbers)
        {
            int possible = MaxNumbers / view.Schema.Vectors[at].Dimension;
            throw new CollectionException(
                CollectionError.LimitExceeded, "diversity.candidates",
                $"{depth} candidates of {view.Schema.Vectors[at].Dimension} dimensions are to be compared, {possible} are possible.", "Choose from fewer.");
        }
    }

    private void Check()
    {
        request.Window.Check();
        // Written so that NaN is refused.
        if (!(asked.Strength is >= 0 and <= 1))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "diversity.strength", $"The strength is {asked.Strength}, 0 to 1 is possible.", "Leave it out for the default.");
        }
        if (asked.Candidates > Diversification.MaxCandidates)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "diversity.candidates",
                $"{asked.Candidates} candidates: at most {Diversification.MaxCandidates} are possible.", "Choose from fewer.");
        }
        if (asked.Candidates < request.Count)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "diversity.candidates", $"{request.Count} hits are to be chosen from {asked.Candidates} candidates.",
                "Choose from as many as hits at least, or leave it out.");
        }
        if (request.Offset + request.Count > Diversification.MaxCandidates)
        {
            throw new CollectionException(
                CollectionError.Window, "offset",
                $"Offset {request.Offset} and {request.Count} hits are more than the {Diversification.MaxCandidates} candidates that can be.",
                "Scroll instead of paging that deep.");
        }
    }
}
