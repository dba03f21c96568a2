using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// Measures the adaptive stop on a live graph as <see cref="SegmentTuner"/> does on an immutable one: which margin reaches which
/// recall of the live linked rows. Runs beside writers and searches; rows that come meanwhile can only raise the recall.
/// </summary>
internal static class LiveTuner
{
    /// <summary>Fewer rows are searched well by any margin.</summary>
    public const int LeastRows = 2_000;

    private const int Queries = 48;
    private const int Hits = 10;

    /// <param name="linked">Rows below are linked.</param>
    /// <returns>Null when too few of them live.</returns>
    public static TuningCurve? Run(LiveSegment segment, LiveIndex index, int linked)
    {
        var words = new ulong[(linked + 63) / 64];
        var live = new List<uint>(linked);
        for (uint ordinal = 0; ordinal < (uint)linked; ordinal++)
        {
            if (!index.Dead.Contains(ordinal))
            {
                words[ordinal >> 6] |= 1ul << (int)(ordinal & 63);
                live.Add(ordinal);
            }
        }
        if (live.Count < LeastRows / 2)
        {
            return null;
        }
        using LiveSearcher searcher = segment.CreateSearcher();
        TruthRows truth = segment.Rows.Truth;
        float[][] sample = MadeQueries.Make(Queries, live, segment.Dimension, truth.Read, searcher.Search);
        using var exact = new ExactSearcher(truth, linked, segment.Dimension, segment.Uncalibrated.Cuts);
        var hits = new Candidate[sample.Length * Hits];
        exact.Search([.. sample.SelectMany(q => q)], new SearchOptions(), words, live.Count, hits);
        float[] least = [.. Enumerable.Range(0, sample.Length).Select(q => hits[(q + 1) * Hits - 1].Score)];
        var costs = SearchCosts.Of(
            index.Space.Calibration, linked, index.Space.Calibration.CodeDimension, truth.Element, WalkTier.Code, hasSigns: false);
        return Measure(searcher, sample, least, costs);
    }

    private static TuningCurve Measure(LiveSearcher searcher, float[][] sample, float[] least, in SearchCosts costs)
    {
        var points = new List<TuningPoint>();
        var hits = new Candidate[Hits];
        foreach (float margin in SegmentTuner.Margins)
        {
            int right = 0;
            double scored = 0;
            for (int q = 0; q < sample.Length; q++)
            {
                int found = searcher.Search(sample[q], new SearchOptions { Breadth = SegmentTuner.MaxBreadth, Margin = margin }, hits);
                for (int i = 0; i < found; i++)
                {
                    right += hits[i].Score >= least[q] ? 1 : 0;
                }
                scored += searcher.Counts.Scored;
            }
            float recall = (float)right / (sample.Length * Hits);
            points.Add(new TuningPoint(margin, recall, (float)(costs.WalkRow * scored / sample.Length)));
            if (recall > SegmentTuner.EnoughRecall)
            {
                break;
            }
        }
        return new TuningCurve(WalkTier.Code, points);
    }
}
