using SearchEngine.Collections.Search;

namespace SearchEngine.Collections.Calibrations;

/// <summary>Searches with one margin after the other, and compares with what is right.</summary>
/// <param name="search">Answers as searches of the view do.</param>
/// <param name="done">Told how many searches were made or need not be.</param>
internal sealed class MarginTrials(
    string vector, IReadOnlyList<float[]> queries, ExactScores truth, Func<SearchRequest, SearchResult> search, Action<int> done)
{
    /// <summary>Beyond those that segments are tuned with: queries from elsewhere than the documents need more.</summary>
    private static readonly float[] Margins = [0.02f, 0.04f, 0.06f, 0.08f, 0.105f, 0.14f, 0.19f, 0.26f, 0.36f, 0.5f, 0.7f, 1f];

    /// <summary>No wider margin is tried from here on.</summary>
    private const float EnoughRecall = 0.9985f;

    /// <summary>Of the queries, how many may fare worse than the low recall that is reported.</summary>
    private const double LowShare = 0.05;

    /// <summary>Searches that a curve takes at most.</summary>
    public static int MostSearches(int queries) => Margins.Length * queries;

    /// <param name="count">Hits.</param>
    /// <param name="at">Position of the count among those of the truth.</param>
    public CalibrationCurve Fit(int count, int at)
    {
        var points = new List<CalibrationPoint>();
        foreach (float margin in Margins)
        {
            points.Add(Try(count, at, margin));
            if (points[^1].Recall >= EnoughRecall)
            {
                break;
            }
        }
        done((Margins.Length - points.Count) * queries.Count);
        return new CalibrationCurve(count, points);
    }

    private CalibrationPoint Try(int count, int at, float margin)
    {
        var recalls = new float[queries.Count];
        int wanted = truth.Wanted(at);
        double breadth = 0, micros = 0;
        for (int q = 0; q < recalls.Length; q++)
        {
            SearchResult found = search(new SearchRequest
            {
                VectorName = vector,
                Query = queries[q],
                Count = count,
                Accuracy = Accuracy.OfRecall(Accuracy.DefaultTarget),
                TrialMargin = margin,
            });
            int right = 0;
            foreach (Hit hit in found.Hits)
            {
                right += truth.IsRight(q, at, hit.Score) ? 1 : 0;
            }
            recalls[q] = Math.Min(1f, (float)right / wanted);
            breadth += found.Plan.Breadth;
            micros += found.SearchTime.TotalMicroseconds;
            done(1);
        }
        Array.Sort(recalls);
        return new CalibrationPoint(
            margin, recalls.Average(), recalls[(int)(LowShare * recalls.Length)], (int)Math.Round(breadth / recalls.Length),
            (float)(micros / recalls.Length));
    }
}
