using SearchEngine.Testing;
using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

/// <summary>Exact rows that are read by calls give the same answers as mapped ones, and leave nothing of their file in the process.</summary>
public sealed class TruthAccessTests
{
    [Theory]
    [MemberData(nameof(SampleSegment.MetricsAndTiers), MemberType = typeof(SampleSegment))]
    public void RowsThatAreReadScoreAsRowsThatAreMapped(Metric metric, WalkTier tier)
    {
        using var sample = new SampleSegment(metric, tier: tier);
        using VectorSegment read = sample.Open(Residency.OnDemand, Verification.Headers);
        read.ReadTruth(TruthAccess.Read);
        using VectorSearcher searcher = read.CreateSearcher(), mapped = sample.Built.CreateSearcher();
        float[] row = new float[read.Dimension], expected = new float[read.Dimension];
        ulong[] few = EveryNth(read.Count, read.Count / 20), many = EveryNth(read.Count, 3), clusters = Clusters(read.Count);
        for (int q = 0; q < sample.Queries.Count; q++)
        {
            float[] query = sample.Queries.Row(q).ToArray();
            var options = new SearchOptions { Breadth = 40 };
            AssertEqual("a walk", hits => mapped.Search(query, options, hits), hits => searcher.Search(query, options, hits));
            AssertEqual("a scan", hits => mapped.SearchExactly(query, hits), hits => searcher.SearchExactly(query, hits));
            AssertEqual(
                "few rows",
                hits => mapped.Search(query, options, AcceptSet.From(few, read.Count), hits),
                hits => searcher.Search(query, options, AcceptSet.From(few, read.Count), hits));
            AssertEqual(
                "many rows",
                hits => mapped.SearchExactly(query, options, AcceptSet.From(many, read.Count), hits),
                hits => searcher.SearchExactly(query, options, AcceptSet.From(many, read.Count), hits));
            AssertEqual(
                "clusters of rows",
                hits => mapped.SearchExactly(query, options, AcceptSet.From(clusters, read.Count), hits),
                hits => searcher.SearchExactly(query, options, AcceptSet.From(clusters, read.Count), hits));
            read.CopyRow((uint)q, row);
            sample.Built.CopyRow((uint)q, expected);
            Assert.Equal(expected, row);
        }
        Assert.Equal(0, TruthInProcess(sample));
    }

    [Fact]
    public void RowsThatAreMappedAgainAreTouchedWhereTheyAre()
    {
        using var sample = new SampleSegment();
        using VectorSegment opened = sample.Open(Residency.OnDemand, Verification.Headers);
        opened.ReadTruth(TruthAccess.Read);
        _ = SampleSegment.Search(opened, sample.Queries.Row(0));
        Assert.Equal(0, TruthInProcess(sample));
        opened.ReadTruth(TruthAccess.Mapped);
        _ = SampleSegment.Search(opened, sample.Queries.Row(0));
        Assert.NotEqual(0, TruthInProcess(sample));
    }

    [Fact]
    public void ExactAnswersToManyQueriesLeaveNothingOfTheFileInTheProcess()
    {
        using var sample = new SampleSegment();
        using VectorSegment opened = sample.Open(Residency.OnDemand, Verification.Headers);
        opened.ReadTruth(TruthAccess.Read);
        using (ExactSearcher exact = opened.CreateExactSearcher())
        {
            exact.Search(sample.Queries.Row(0), new SearchOptions(), new Candidate[10]);
        }
        Assert.Equal(0, TruthInProcess(sample));
    }

    // A scan that touched the mapping would end the process here; it would also fault every page again at each scan.
    [Fact]
    public void RowsOfAFileThatWasCutAreATypedErrorAndNoSignal()
    {
        using var sample = new SampleSegment();
        using VectorSegment opened = sample.Open(Residency.OnDemand, Verification.Headers);
        opened.ReadTruth(TruthAccess.Read);
        string path = TruthFile(sample);
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(RowFileHeader.DataOffset);
        }
        VectorFileException refused = Assert.Throws<VectorFileException>(() => SampleSegment.Search(opened, sample.Queries.Row(0)));
        Assert.Equal(FileDamage.Size, refused.Damage);
        using VectorSearcher searcher = opened.CreateSearcher();
        refused = Assert.Throws<VectorFileException>(() => searcher.SearchExactly(sample.Queries.Row(0), new Candidate[10]));
        Assert.Equal(FileDamage.Size, refused.Damage);
    }

    // Only candidates that can be hits are rescored: whoever asks for all of them gets the same hits.
    [Theory]
    [MemberData(nameof(SampleSegment.MetricsAndTiers), MemberType = typeof(SampleSegment))]
    public void RescoringEndsWhereNoFurtherCandidateCanBeAHit(Metric metric, WalkTier tier)
    {
        const int Hits = 10, Usual = 20;
        long spared = 0;
        using var sample = new SampleSegment(metric, tier: tier);
        using VectorSearcher searcher = sample.Built.CreateSearcher();
        for (int q = 0; q < sample.Queries.Count; q++)
        {
            float[] query = sample.Queries.Row(q).ToArray();
            var all = new Candidate[Hits];
            var possible = new Candidate[Hits];
            int expected = searcher.Search(query, new SearchOptions { Breadth = 60, Rescore = Usual }, all);
            long rescored = searcher.Counts.Rescored;
            int found = searcher.Search(query, new SearchOptions { Breadth = 60 }, possible);
            Assert.True(
                all.AsSpan(0, expected).SequenceEqual(possible.AsSpan(0, found)),
                $"Query {q} ({metric}, {tier}): a candidate that was not rescored is a hit; suspect ScoreScale.Greatest.");
            spared += rescored - searcher.Counts.Rescored;
        }
        Assert.True(spared > 0, $"{metric}, {tier}: every candidate was rescored, this test showed nothing");
    }

    private static void AssertEqual(string what, Func<Candidate[], int> expected, Func<Candidate[], int> actual)
    {
        const int Wanted = 10;
        var mapped = new Candidate[Wanted];
        var read = new Candidate[Wanted];
        int count = expected(mapped);
        Assert.True(
            mapped.AsSpan(0, count).SequenceEqual(read.AsSpan(0, actual(read))), $"{what}: rows that are read give other hits than mapped ones.");
    }

    private static ulong[] EveryNth(int rows, int n)
    {
        var words = new ulong[(rows + 63) / 64];
        for (int row = 0; row < rows; row += n)
        {
            words[row >> 6] |= 1UL << (row & 63);
        }
        return words;
    }

    // Rows that lie close, gaps, and single ones between; the last row as well.
    private static ulong[] Clusters(int rows)
    {
        var words = new ulong[(rows + 63) / 64];
        for (int row = 0; row < rows; row++)
        {
            bool isIn = (row / 37) % 5 == 0 || row % 211 == 0 || row == rows - 1;
            words[row >> 6] |= isIn ? 1UL << (row & 63) : 0;
        }
        return words;
    }

    private static string TruthFile(SampleSegment sample) => Directory.EnumerateFiles(sample.Directory, "truth.*").Single();

    private static long TruthInProcess(SampleSegment sample)
    {
        string path = TruthFile(sample);
        return ProcessMemory.OfFiles(mapped => mapped == path);
    }
}
