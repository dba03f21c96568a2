using SearchEngine.Vectors.Graph;
using Xunit;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>Candidates that are not rescored could not have been hits: the rows of these sets are the ones whose codes say least.</summary>
public sealed class RescoringTests
{
    private const int Rows = 3_000;
    private const int Queries = 60;
    private const int Breadth = 80;
    private const int FewCoordinates = 64;
    private const int LeastRescored = 20;
    private const float Far = 2.5f;

    /// <summary>What steps of bytes are to a unit Gaussian.</summary>
    private const float ByteSpread = 18f;

    public enum Outliers
    {
        None,
        Long,
        RareLong,
        FarGroup,
        Duplicates,
        Lengths,
        Edge,
    }

    public static TheoryData<Metric, ElementType, int, Outliers> Sets
    {
        get
        {
            var all = new TheoryData<Metric, ElementType, int, Outliers>();
            foreach (Metric metric in Enum.GetValues<Metric>())
            {
                foreach (int dimension in (int[])[24, 64, 100])
                {
                    foreach (Outliers outliers in Enum.GetValues<Outliers>())
                    {
                        all.Add(metric, ElementType.Float16, dimension, outliers);
                        all.Add(metric, ElementType.Int8, dimension, outliers);
                    }
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void WhatIsNotRescoredCouldNotHaveBeenAHit(Metric metric, ElementType truth, int dimension, Outliers outliers)
    {
        int seed = SeedOf(metric, truth, dimension, outliers);
        var random = new Random(seed);
        bool isWhole = truth == ElementType.Int8;
        int oneIn = outliers == Outliers.RareLong ? 1_000 : 125;
        float[] rows = Make(random, dimension, outliers, oneIn, isWhole);
        using VectorSegment segment = VectorSegment.Build(
            new FloatRowSource(rows, dimension),
            new SegmentOptions { Metric = metric, Truth = truth, Threads = 2, BuildBreadth = 48 });
        using VectorSearcher searcher = segment.CreateSearcher();
        ulong[] every = [.. Enumerable.Repeat(ulong.MaxValue, Rows / 64), (1ul << (Rows % 64)) - 1];
        int lost = 0, unscanned = 0;
        for (int q = 0; q < Queries; q++)
        {
            float[] query = Query(random, rows, dimension, q, oneIn, isWhole);
            foreach (int wanted in (int[])[1, 3, 10, 40])
            {
                var options = new SearchOptions { Breadth = Breadth };
                int usual = dimension < FewCoordinates ? Breadth : Math.Max(LeastRescored, wanted + wanted / 2);
                Candidate[] all = new Candidate[wanted], possible = new Candidate[wanted];
                int expected = searcher.Search(query, options with { Rescore = usual }, all);
                int found = searcher.Search(query, options, possible);
                lost += all.AsSpan(0, expected).SequenceEqual(possible.AsSpan(0, found)) ? 0 : 1;
                _ = searcher.SearchExactly(query, all);
                _ = searcher.Search(query, options with { Strategy = SearchStrategy.Scan }, AcceptSet.From(every, Rows), possible);
                // Of equal scores either may be the last.
                unscanned += all.Select(static hit => hit.Score).SequenceEqual(possible.Select(static hit => hit.Score)) ? 0 : 1;
            }
        }
        Assert.True(
            unscanned == 0, $"Seed {seed}: {unscanned} of {4 * Queries} scans lost a hit; suspect ScanRule.Bound. {segment.Parts.Calibration.Report}");
        Assert.True(
            lost == 0, $"Seed {seed}: {lost} of {4 * Queries} searches lost a hit; suspect ScoreScale.Greatest. {segment.Parts.Calibration.Report}");
    }

    // -128 walks as -127: eight rows of 382 times -127 stand before the one of 380 times -128, which is the nearest.
    [Fact]
    public void ARowOfLeastBytesIsRescoredAlthoughItsCodeSaysLess()
    {
        const int Dimension = 384, Ordinary = 8;
        var random = new Random(7);
        float[] rows = Make(random, Dimension, Outliers.None, Rows, isWhole: true);
        for (int i = 0; i <= Ordinary; i++)
        {
            (int length, float value) = i < Ordinary ? (382, -127f) : (380, -128f);
            Span<float> row = rows.AsSpan(i * Dimension, Dimension);
            row.Clear();
            row[..length].Fill(value);
        }
        float[] query = [.. Enumerable.Repeat(-127f, Dimension)];
        using VectorSegment segment = VectorSegment.Build(
            new FloatRowSource(rows, Dimension), new SegmentOptions { Metric = Metric.Dot, Truth = ElementType.Int8, Threads = 2, BuildBreadth = 48 });
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[1];
        Assert.Equal(1, searcher.Search(query, new SearchOptions { Breadth = Breadth }, hits));
        Assert.Equal((uint)Ordinary, segment.SourceRow(hits[0].Ordinal));
    }

    private static int SeedOf(Metric metric, ElementType truth, int dimension, Outliers outliers) =>
        ((((int)metric * 31) + (int)truth) * 1_009 + dimension) * 31 + (int)outliers;

    private static float[] Make(Random random, int dimension, Outliers outliers, int oneIn, bool isWhole)
    {
        var rows = new float[Rows * dimension];
        for (int i = 0; i < Rows; i++)
        {
            bool isOut = i % oneIn == 7;
            Span<float> row = rows.AsSpan(i * dimension, dimension);
            for (int j = 0; j < dimension; j++)
            {
                row[j] = Normal(random) + 1f;
            }
            float factor = outliers switch
            {
                Outliers.Long or Outliers.RareLong when isOut => Far,
                Outliers.FarGroup when isOut => -Far,
                Outliers.Lengths => 0.3f + 1.5f * random.NextSingle(),
                _ => 1f,
            };
            foreach (ref float value in row)
            {
                value *= factor * (isWhole ? ByteSpread : 1f);
                value = isWhole ? Math.Clamp(MathF.Round(value), -128f, 127f) : value;
            }
            if (outliers == Outliers.Edge && (isWhole || i % 9 == 0))
            {
                for (int j = 0; j < dimension; j++)
                {
                    row[j] = isWhole ? random.Next(2) == 0 ? 127f : -128f : row[j] * 4f;
                }
            }
            if (outliers == Outliers.Duplicates && i > 0 && i % 3 != 0)
            {
                rows.AsSpan((i - 1) * dimension, dimension).CopyTo(row);
                row[random.Next(dimension)] += i % 3 == 1 || isWhole ? 0f : 1e-3f;
            }
        }
        return rows;
    }

    private static float[] Query(Random random, float[] rows, int dimension, int q, int oneIn, bool isWhole)
    {
        int i = q % 3 == 0 ? random.Next(Rows / oneIn) * oneIn + 7 : random.Next(Rows);
        float noise = (q % 4) * 0.3f * (isWhole ? ByteSpread : 1f);
        var query = rows.AsSpan(i * dimension, dimension).ToArray();
        for (int j = 0; j < dimension; j++)
        {
            query[j] += noise * Normal(random);
            query[j] = isWhole && q % 2 == 0 ? Math.Clamp(MathF.Round(query[j]), -128f, 127f) : query[j];
        }
        return query;
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
