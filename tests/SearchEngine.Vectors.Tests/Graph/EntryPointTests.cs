using SearchEngine.Testing;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Merge;
using SearchEngine.Vectors.Quantization;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

/// <summary>Walks start at several rows, so that a descent, or a filter, that points to the wrong group of rows costs nothing.</summary>
public sealed class EntryPointTests
{
    private const int K = 10;
    private const int Queries = 400;

    [Fact]
    public void EveryNarrowSearchFindsItsGroupAlthoughADescentMissesOne()
    {
        (int wrong, double recall) = Search(GroupedRows.Shared.Segment);
        Assert.True(
            wrong == 0 && recall >= 0.86,
            $"{wrong} of {Queries} searches found another group than their own, recall {recall:F3}; without spread entry points it was 34 and "
            + "0.82: suspect StartFinder, or entry points that leave a group out.");
    }

    [Fact]
    public void ASegmentWithOneEntryPointSearchesAsBefore()
    {
        SegmentParts parts = GroupedRows.Shared.Segment.Parts;
        Assert.Equal(1 + EntryPoints.Spread, parts.EntryPoints.Count);
        using var directory = new TempDirectory();
        string path = directory.File("one entry");
        SegmentFiles.Write(path, WithEntryPoints(parts, [parts.EntryPoints[0]]));
        using var opened = new VectorSegment(SegmentFiles.Open(path, new SegmentOpenOptions()));
        Assert.Single(opened.Parts.EntryPoints);
        (_, double recall) = Search(opened);
        Assert.True(recall > 0.7, $"A segment written before there were more entry points has recall {recall:F3}.");
    }

    [Fact]
    public void EntryPointsSurviveFilesAndMerges()
    {
        VectorSegment segment = GroupedRows.Shared.Segment;
        using var directory = new TempDirectory();
        string path = directory.File("segment");
        SegmentFiles.Write(path, segment.Parts);
        using var opened = new VectorSegment(SegmentFiles.Open(path, new SegmentOpenOptions()));
        Assert.Equal(segment.Parts.EntryPoints, opened.Parts.EntryPoints);
        var dead = new ulong[(GroupedRows.Count + 63) / 64];
        foreach (uint entry in segment.Parts.EntryPoints)
        {
            dead[entry / 64] |= 1ul << (int)(entry % 64);
        }
        using VectorSegment merged = SegmentMerger.Merge(
            [new MergeInput { Segment = opened, Dead = dead }], new SegmentOptions { Metric = Metric.L2, MaxLinks = 8, BuildBreadth = 40 }, out _);
        Assert.Equal(1 + EntryPoints.Spread, merged.Parts.EntryPoints.Distinct().Count());
        (int wrong, _) = Search(merged);
        Assert.True(wrong == 0, $"After a merge without the old entry points {wrong} of {Queries} searches miss their group.");
    }

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.Cosine)]
    [InlineData(Metric.Dot)]
    public void EntryPointsAreSpreadOverAllGroups(Metric metric)
    {
        const int Groups = 10, PerGroup = 400, Dimension = 24;
        var rows = new float[Groups * PerGroup * Dimension];
        for (int i = 0; i < Groups * PerGroup; i++)
        {
            var random = new CounterRandom(8, 1, (ulong)i);
            for (int j = 0; j < Dimension; j++)
            {
                rows[i * Dimension + j] = (float)(0.1 * random.Gaussian()) + (j == i / PerGroup ? 10 : 0);
            }
        }
        using VectorSegment segment = VectorSegment.Build(
            new FloatRowSource(rows, Dimension), new SegmentOptions { Metric = metric, MaxLinks = 8, BuildBreadth = 40 });
        int[] groups = [.. segment.Parts.EntryPoints.Select(e => (int)segment.SourceRow(e) / PerGroup).Distinct().Order()];
        Assert.True(
            groups.Length == Groups,
            $"{metric}: of {Groups} groups far from each other only {string.Join(", ", groups)} have an entry point; suspect the distances of SpreadRows.");
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(100, 15)]
    [InlineData(1_000, 16)]
    [InlineData(5_000, 2_500)]
    public void SeedsOfAFilterStandInTheMiddleOfEqualPartsOfIt(int rows, int accepted)
    {
        const int Room = 16;
        // All of them behind the first half: evenly spread over what is accepted, not over the rows.
        uint[] ordinals = [.. Enumerable.Range(0, accepted).Select(i => (uint)((rows / 2) + (long)i * (rows - rows / 2) / accepted))];
        var words = new ulong[(rows + 63) / 64];
        foreach (uint ordinal in ordinals)
        {
            words[ordinal / 64] |= 1ul << (int)(ordinal % 64);
        }
        var seeds = new uint[Room];
        int count = new AcceptBits(words).Spread(accepted, seeds);
        int expected = Math.Min(Room, accepted);
        Assert.Equal(Enumerable.Range(0, expected).Select(i => ordinals[((2 * i) + 1) * accepted / (2 * expected)]), seeds[..count]);
    }

    [Fact]
    public void AWalkOverAFilterThatAvoidsTheQueryReachesItsHits()
    {
        GroupedRows rows = GroupedRows.Shared;
        VectorSegment segment = rows.Segment;
        SegmentParts parts = segment.Parts;
        using var query = new PreparedQuery(parts.Calibration, parts.Metric, parts.Corrections is not null);
        using var scratch = new WalkScratch(parts.Count);
        using VectorSearcher searcher = segment.CreateSearcher();
        int right = 0, found = 0;
        const int Asked = 60, Breadth = 100;
        for (int q = 0; q < Asked; q++)
        {
            int own = GroupedRows.GroupOfQuery(q);
            ulong[] words = Accept(rows, group => group != own && group % 4 == (own + 1) % 4);
            AcceptSet accept = AcceptSet.From(words, parts.Count);
            var truth = new Candidate[K];
            searcher.SearchExactly(rows.Query(q), new SearchOptions(), accept, truth);
            query.Prepare(rows.Query(q));
            CodeScorer codes = CodeScorer.Of(parts.Codes, parts.Corrections, query, segment.TruthRows);
            var space = new SearchSpace(codes, default, segment.BaseLinks, WalkTier.Code);
            uint entry = new StartFinder(segment.Levels(), [.. parts.EntryPoints]).Find(codes, scratch)[0].Ordinal;
            scratch.Reset(Breadth, Breadth);
            space.WalkAccepted(accept.Bits, accept.Count, entry, scratch, StopRule.Breadth);
            space.Shorten(scratch, Breadth);
            found += scratch.Best.Count;
            for (int i = 0; i < scratch.Best.Count; i++)
            {
                right += truth.Any(t => t.Ordinal == scratch.Best.OrdinalAt(i)) ? 1 : 0;
            }
        }
        Assert.True(
            right >= 0.85 * Asked * K,
            $"Recall {(double)right / (Asked * K):F3} of {found / Asked} rows where the filter accepts other groups than the query's; suspect the "
            + "seeds of the walk: nothing else leads out of the query's group.");
    }

    private static (int Wrong, double Recall) Search(VectorSegment segment)
    {
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[K];
        var truth = new Candidate[K];
        int wrong = 0, right = 0;
        for (int q = 0; q < Queries; q++)
        {
            float[] query = GroupedRows.Shared.Query(q);
            searcher.SearchExactly(query, truth);
            searcher.Search(query, new SearchOptions { Breadth = 20 }, hits);
            wrong += (int)segment.SourceRow(hits[0].Ordinal) / GroupedRows.PerGroup == GroupedRows.GroupOfQuery(q) ? 0 : 1;
            right += hits.Count(h => h.Score >= truth[^1].Score);
        }
        return (wrong, (double)right / (Queries * K));
    }

    private static ulong[] Accept(GroupedRows rows, Func<int, bool> accepts)
    {
        var words = new ulong[(GroupedRows.Count + 63) / 64];
        for (uint ordinal = 0; ordinal < GroupedRows.Count; ordinal++)
        {
            words[ordinal / 64] |= accepts(rows.GroupOf(ordinal)) ? 1ul << (int)(ordinal % 64) : 0;
        }
        return words;
    }

    private static SegmentParts WithEntryPoints(SegmentParts parts, uint[] entries) => new()
    {
        Metric = parts.Metric,
        Dimension = parts.Dimension,
        MaxLinks = parts.MaxLinks,
        Calibration = parts.Calibration,
        TruthElement = parts.TruthElement,
        Truth = parts.Truth,
        Codes = parts.Codes,
        Signs = parts.Signs,
        Corrections = parts.Corrections,
        Norms = parts.Norms,
        PrefixNorms = parts.PrefixNorms,
        Links = parts.Links,
        Upper = parts.Upper,
        LevelCounts = parts.LevelCounts,
        EntryPoints = entries,
        Sources = parts.Sources,
        Tier = parts.Tier,
    };
}
