using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

/// <summary>The same rows, options and seed give the same segment, byte for byte, on any number of threads.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [InlineData(Metric.Cosine, 100)]
    [InlineData(Metric.Dot, 64)]
    [InlineData(Metric.L2, 384)]
    public void AnyNumberOfThreadsBuildsTheSameSegment(Metric metric, int dimension)
    {
        FloatRowSource rows = Rows(5_000, dimension);
        using VectorSegment one = VectorSegment.Build(rows, Options(metric, 1));
        foreach (int threads in new[] { 2, 7 })
        {
            using VectorSegment many = VectorSegment.Build(rows, Options(metric, threads));
            Assert.Equal(one.Parts.EntryPoints, many.Parts.EntryPoints);
            foreach (var (name, expected, actual) in Arrays(one.Parts, many.Parts))
            {
                for (int i = 0; i < expected.Count; i++)
                {
                    Assert.True(
                        expected.Row((uint)i).SequenceEqual(actual.Row((uint)i)),
                        $"{metric}: {name} of ordinal {i} differs between 1 and {threads} threads; some result depends on who came first");
                }
            }
        }
    }

    [Fact]
    public void ASearchGivesTheSameHitsEveryTime()
    {
        FloatRowSource rows = Rows(5_000, 384);
        using VectorSegment segment = VectorSegment.Build(rows, Options(Metric.Cosine, 2));
        using VectorSearcher first = segment.CreateSearcher(), second = segment.CreateSearcher();
        var query = new float[384];
        var a = new Candidate[10];
        var b = new Candidate[10];
        foreach (WalkTier tier in Enum.GetValues<WalkTier>())
        {
            for (int i = 0; i < 50; i++)
            {
                rows.CopyRow(i * 7, query);
                query[i] += 0.3f;
                first.Search(query, new SearchOptions { Tier = tier }, a);
                for (int other = 0; other < i; other++)
                {
                    second.Search(query.AsSpan().ToArray(), new SearchOptions { Tier = tier, Breadth = 20 + other }, b);
                }
                second.Search(query, new SearchOptions { Tier = tier }, b);
                Assert.True(a.SequenceEqual(b), $"{tier}: query {i} depends on what was searched before; scratch survived a search");
            }
        }
    }

    [Fact]
    public void AWatchedSearchFindsTheSameHitsByNearlyTheSameWork()
    {
        FloatRowSource rows = Rows(5_000, 384);
        using VectorSegment segment = VectorSegment.Build(rows, Options(Metric.Cosine, 2));
        using VectorSearcher searcher = segment.CreateSearcher();
        var query = new float[384];
        var plain = new Candidate[10];
        var watched = new Candidate[10];
        foreach (WalkTier tier in (WalkTier[])[WalkTier.Code, WalkTier.Sign])
        {
            foreach (float? margin in (float?[])[null, 0f, 0.03f, 0.1f])
            {
                for (int i = 0; i < 40; i++)
                {
                    rows.CopyRow(i * 11, query);
                    query[i] += 0.3f;
                    var options = new SearchOptions { Tier = tier, Margin = margin, Breadth = 15 + (8 * i) };
                    searcher.Search(query, options, plain);
                    int hops = searcher.Counts.Hops;
                    searcher.Search(query, options with { MaxScored = 10_000_000 }, watched);
                    Assert.True(
                        plain.SequenceEqual(watched) && hops == searcher.Counts.Hops,
                        $"{tier}, margin {margin}, query {i}: a ceiling that is not reached changes the walk");
                    searcher.Search(query, options with { Observer = new NobodyListens() }, watched);
                    Assert.True(
                        // The sorted pool gives up one of two equal scores at its end, the frontier does not.
                        plain.SequenceEqual(watched) && Math.Abs(hops - searcher.Counts.Hops) <= 2,
                        $"{tier}, margin {margin}, query {i}: the frontier and the sorted pool do not expand the same rows"
                        + $" ({hops} and {searcher.Counts.Hops})");
                }
            }
        }
    }

    private sealed class NobodyListens : ISearchObserver
    {
        public void Observe(ReadOnlySpan<Candidate> best, int scored)
        {
        }
    }

    private static SegmentOptions Options(Metric metric, int threads) => new() { Metric = metric, Threads = threads, BuildBreadth = 80, Seed = 5 };

    private static FloatRowSource Rows(int count, int dimension)
    {
        var values = new float[count * dimension];
        for (int i = 0; i < count; i++)
        {
            var random = new CounterRandom(9, 1, (ulong)(i % (count - 50)));
            for (int j = 0; j < dimension; j++)
            {
                values[i * dimension + j] = (float)(random.Gaussian() * (1 + i % 3));
            }
        }
        return new FloatRowSource(values, dimension);
    }

    private static IEnumerable<(string Name, RowMemory Expected, RowMemory Actual)> Arrays(SegmentParts a, SegmentParts b)
    {
        yield return ("truth", a.Truth, b.Truth);
        yield return ("code", a.Codes, b.Codes);
        yield return ("links", a.Links, b.Links);
        yield return ("upper links", a.Upper!, b.Upper!);
        yield return ("source", a.Sources, b.Sources);
        if (a.Signs is not null)
        {
            yield return ("1-bit record", a.Signs, b.Signs!);
        }
        if (a.Corrections is not null)
        {
            yield return ("correction", a.Corrections, b.Corrections!);
        }
    }
}
