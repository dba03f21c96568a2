using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Tests.Live;
using Xunit;

namespace SearchEngine.Vectors.Tests.Graph;

/// <summary>Searches by codes alone: truth could be anything, and the scores are near those of the rows.</summary>
public sealed class CodeRankingTests
{
    private const int K = 10;
    private const double CodeError = 0.03;

    public enum Way
    {
        Walk,
        ScanOfFewRows,
        WideFilter,
        NarrowFilter,
        FilterOfFewRows,
        Prefix,
    }

    public static MatrixTheoryData<Metric, Way> Ways => new(Enum.GetValues<Metric>(), Enum.GetValues<Way>());

    [Theory]
    [MemberData(nameof(Ways))]
    public void Truth_is_not_read_and_scores_are_near_those_of_the_rows(Metric metric, Way way)
    {
        if (metric == Metric.L2 && way == Way.Prefix)
        {
            return; // Refused, with or without rescoring.
        }
        int count = way == Way.ScanOfFewRows ? 100 : 3_000;
        var generator = new EmbeddingGenerator(LiveRun.Text with { Count = count, QueryCount = 20, Dim = 128 });
        FloatMatrix rows = generator.Documents(), queries = generator.Queries();
        using var segment = VectorSegment.Build(
            new FloatRowSource(rows.Values, rows.Dim), new SegmentOptions { Metric = metric, PrefixDimensions = metric == Metric.L2 ? [] : [64] });
        using VectorSearcher searcher = segment.CreateSearcher();
        ulong[] accepted = Accepted(count, way);
        var options = new SearchOptions { Breadth = 100, ByCodes = true, WalkDimension = way == Way.Prefix ? 64 : null };
        Candidate[][] before = [.. Enumerable.Range(0, queries.Count).Select(q => Search(searcher, queries.Row(q), options, accepted, count))];
        Assert.All(before, static hits => Assert.Equal(K, hits.Length));
        bool differs = false;
        int compared = way == Way.Prefix ? 64 : rows.Dim;
        FloatMatrix prefixes = rows.Prefix(compared), asked = queries.Prefix(compared);
        OracleMetric oracle = metric == Metric.Cosine ? OracleMetric.Cosine : metric == Metric.Dot ? OracleMetric.InnerProduct : OracleMetric.Euclidean;
        for (int q = 0; q < queries.Count; q++)
        {
            foreach (Candidate hit in before[q])
            {
                double exact = BruteForceOracle.Score(oracle, asked.Row(q), prefixes.Row((int)segment.SourceRow(hit.Ordinal)));
                Assert.True(Math.Abs(exact - hit.Score) <= CodeError * Math.Max(1, Math.Abs(exact)), $"{metric}, {way}: code {hit.Score}, row {exact}");
                differs |= Math.Abs(exact - hit.Score) > 1e-6;
            }
            Assert.Equal(before[q].OrderByDescending(static h => h.Score).Select(static h => h.Score), before[q].Select(static h => h.Score));
        }
        Assert.True(differs, $"{metric}, {way}: every score is exact; suspect that rows were read");

        segment.Parts.Truth.Rows(0, count).Clear();
        for (int q = 0; q < queries.Count; q++)
        {
            Assert.Equal(before[q], Search(searcher, queries.Row(q), options, accepted, count));
            Assert.Equal(0, searcher.Counts.Rescored);
        }
    }

    [Fact]
    public void A_bound_is_one_of_the_codes_scores()
    {
        var generator = new EmbeddingGenerator(LiveRun.Text with { QueryCount = 20 });
        FloatMatrix rows = generator.Documents(), queries = generator.Queries();
        using var segment = VectorSegment.Build(new FloatRowSource(rows.Values, rows.Dim), new SegmentOptions());
        using VectorSearcher searcher = segment.CreateSearcher();
        for (int q = 0; q < queries.Count; q++)
        {
            var options = new SearchOptions { Breadth = 200, ByCodes = true };
            Candidate[] all = Search(searcher, queries.Row(q), options, [], rows.Count);
            Candidate[] above = Search(searcher, queries.Row(q), options with { Bound = all[4].Score }, [], rows.Count);
            Assert.Equal(all.Where(h => h.Score >= all[4].Score), above);
        }
    }

    [Theory]
    [InlineData(4_000, false)]
    [InlineData(4_000, true)]
    [InlineData(100, false)]
    public void Linked_live_rows_are_ranked_by_codes_and_the_others_exactly(int linked, bool isFiltered)
    {
        using var run = new LiveRun(LiveRun.Text with { QueryCount = 20 }, Metric.Cosine);
        run.Append(0, 5_000);
        run.Segment.LinkPending(linked);
        using LiveSearcher searcher = run.Segment.CreateSearcher();
        var words = new ulong[(5_000 + 63) / 64];
        Array.Fill(words, isFiltered ? 0x5555_5555_5555_5555 : ulong.MaxValue);
        words[^1] &= ulong.MaxValue >> (-5_000 & 63);
        var hits = new Candidate[K];
        int byCode = 0;
        for (int q = 0; q < run.Queries.Count; q++)
        {
            var options = new SearchOptions { Breadth = 200, ByCodes = true };
            int found = isFiltered
                ? searcher.Search(run.Queries.Row(q), options, AcceptSet.From(words, 5_000), hits)
                : searcher.Search(run.Queries.Row(q), options, hits);
            Assert.Equal(K, found);
            Assert.True(searcher.Counts.Rescored <= 5_000 - linked, $"{searcher.Counts.Rescored} rows were read, {5_000 - linked} have no code");
            foreach (Candidate hit in hits)
            {
                double off = Math.Abs(BruteForceOracle.Score(OracleMetric.Cosine, run.Queries.Row(q), run.Rows.Row((int)hit.Ordinal)) - hit.Score);
                Assert.True(off <= (hit.Ordinal < linked ? CodeError : 1e-3), $"row {hit.Ordinal} of {linked} linked is off by {off}");
                byCode += hit.Ordinal < linked && off > 1e-6 ? 1 : 0;
            }
        }
        Assert.True(byCode > 0 || linked == 100, "no hit has the score of a code");
    }

    private static Candidate[] Search(VectorSearcher searcher, ReadOnlySpan<float> query, in SearchOptions options, ulong[] accepted, int rows)
    {
        var hits = new Candidate[K];
        int found = accepted.Length == 0
            ? searcher.Search(query, options, hits)
            : searcher.Search(query, options, AcceptSet.From(accepted, rows), hits);
        return hits[..found];
    }

    // Empty for all rows.
    private static ulong[] Accepted(int count, Way way)
    {
        int every = way switch { Way.WideFilter => 2, Way.NarrowFilter => 20, Way.FilterOfFewRows => 60, _ => 0 };
        var words = new ulong[every == 0 ? 0 : (count + 63) / 64];
        for (int i = 0; every > 0 && i < count; i += every)
        {
            words[i / 64] |= 1ul << (i % 64);
        }
        return words;
    }
}
