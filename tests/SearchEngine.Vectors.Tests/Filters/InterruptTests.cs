using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Filters;

/// <summary>A search that is cancelled or at its ceiling stops at once, says so, and leaves the searcher usable.</summary>
public sealed class InterruptTests
{
    private const int K = 10;

    /// <summary>Rows of one expansion and of what is in flight when the search is told to end.</summary>
    private const int OneBatch = 128;

    /// <summary>Rows between two questions of a scan.</summary>
    private const int OneCheck = 256 + OneBatch;

    public static TheoryData<WalkTier, double> Walks() => new()
    {
        { WalkTier.Code, 1 }, { WalkTier.Prefilter, 1 }, { WalkTier.Sign, 1 },
        { WalkTier.Code, 0.9 }, { WalkTier.Prefilter, 0.9 }, { WalkTier.Sign, 0.9 },
        { WalkTier.Code, 0.2 }, { WalkTier.Sign, 0.2 }, { WalkTier.Sign, 0.02 },
    };

    [Theory]
    [MemberData(nameof(Walks))]
    public void ACancelledSearchStopsWithinOneBatch(WalkTier tier, double share)
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        SearchCounts counts = Search(new SearchOptions { Tier = tier, Breadth = 500, Cancel = cancel.Token }, share, out int free);
        Assert.Equal(SearchEnd.Cancelled, counts.End);
        Assert.False(counts.Complete);
        int scored = counts.Scored + counts.Estimated;
        Assert.True(
            scored <= Descent(counts) + OneCheck && scored < free,
            $"{tier} {share:P0}: {scored} rows scored after a cancellation, {free} without; somewhere nobody asks.");
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void ACeilingEndsTheSearchWithTheBestSoFar(WalkTier tier, double share)
    {
        const int Ceiling = 240;
        SearchCounts counts = Search(new SearchOptions { Tier = tier, Breadth = 500, MaxScored = Ceiling }, share, out int free);
        int scored = counts.Scored + counts.Estimated;
        Assert.Equal(SearchEnd.WorkCeiling, counts.End);
        Assert.True(scored <= Ceiling + 2 * OneCheck && scored < free, $"{tier} {share:P0}: {scored} rows scored, the ceiling is {Ceiling}.");
    }

    [Fact]
    public void AnExactSearchEndsAsWell()
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        var hits = new Candidate[K];
        Assert.Equal(K, searcher.SearchExactly(samples.Queries.Row(0), new SearchOptions { MaxScored = 1_000 }, hits));
        Assert.Equal(SearchEnd.WorkCeiling, searcher.Counts.End);
        Assert.InRange(searcher.Counts.Rescored, 1_000, 1_000 + OneCheck);
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void AnObserverSeesEverBetterCandidatesAndChangesNothing(WalkTier tier, double share)
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        ulong[] words = samples.Accept(2, share, Correlation.Random);
        AcceptSet accept = AcceptSet.From(words, FilterSamples.Count);
        var observer = new Recording(words);
        var options = new SearchOptions { Tier = tier };
        var plain = new Candidate[K];
        var watched = new Candidate[K];
        int found = searcher.Search(samples.Queries.Row(2), options, accept, plain);
        int again = searcher.Search(samples.Queries.Row(2), options with { Observer = observer, ObserveEvery = 2 }, accept, watched);
        Assert.True(plain.AsSpan(0, found).SequenceEqual(watched.AsSpan(0, again)), "The hits differ when somebody looks on.");
        // A scan by 1-bit records shows what it has after every batch, so nothing of one batch, and not what the last one holds.
        bool isScan = searcher.Counts.Strategy == SearchStrategy.Scan;
        Assert.True(
            observer.Looks > 0 || (isScan && searcher.Counts.Estimated is > 0 and <= RowBatch.Rows), $"{tier} {share:P0}: nobody was shown anything.");
        Assert.True(observer.Refused == 0, $"{observer.Refused} rows were shown that the filter refuses.");
        Assert.True(observer.Fallen == 0, $"The best candidate became worse {observer.Fallen} times.");
        Assert.InRange(observer.Best, isScan ? float.MinValue : plain[0].Score - 0.05, plain[0].Score + 0.05);
    }

    [Fact]
    public void ACancellationFromWithinEndsAWalkAtTheNextExpansion()
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        using var cancel = new CancellationTokenSource();
        var hits = new Candidate[K];
        var options = new SearchOptions { Breadth = 500, Cancel = cancel.Token, Observer = new Cancelling(cancel), ObserveEvery = 20 };
        searcher.Search(samples.Queries.Row(1), options, hits);
        Assert.Equal(SearchEnd.Cancelled, searcher.Counts.End);
        Assert.InRange(searcher.Counts.Hops, 20, 22);
        Assert.Equal(K, searcher.Search(samples.Queries.Row(1), new SearchOptions(), hits));
        Assert.True(searcher.Counts.Complete, "The next search inherits the end of the one before.");
    }

    // Upper levels and the entry are not asked about: a few dozen rows.
    private static int Descent(in SearchCounts counts) => counts.Hops == 0 ? 200 : OneBatch;

    private static SearchCounts Search(SearchOptions options, double share, out int free)
    {
        FilterSamples samples = FilterSamples.Shared;
        using VectorSearcher searcher = samples.Segment.CreateSearcher();
        var hits = new Candidate[K];
        AcceptSet accept = AcceptSet.From(samples.Accept(0, share, Correlation.Random), FilterSamples.Count);
        Run(options with { Cancel = default, MaxScored = 0 }, accept);
        free = searcher.Counts.Scored + searcher.Counts.Estimated;
        Run(options, accept);
        return searcher.Counts;

        void Run(SearchOptions o, AcceptSet set)
        {
            if (share < 1)
            {
                searcher.Search(samples.Queries.Row(0), o, set, hits);
            }
            else
            {
                searcher.Search(samples.Queries.Row(0), o, hits);
            }
        }
    }

    private sealed class Recording(ulong[] accept) : ISearchObserver
    {
        public int Looks { get; private set; }

        public int Refused { get; private set; }

        public int Fallen { get; private set; }

        public float Best { get; private set; } = float.MinValue;

        public void Observe(ReadOnlySpan<Candidate> best, int scored)
        {
            Looks++;
            foreach (Candidate candidate in best)
            {
                Refused += (accept[candidate.Ordinal / 64] >> (int)(candidate.Ordinal % 64) & 1) == 0 ? 1 : 0;
            }
            if (best.Length > 0)
            {
                Fallen += best[0].Score < Best ? 1 : 0;
                Best = best[0].Score;
            }
        }
    }

    private sealed class Cancelling(CancellationTokenSource cancel) : ISearchObserver
    {
        public void Observe(ReadOnlySpan<Candidate> best, int scored) => cancel.Cancel();
    }
}
