using System.Globalization;
using SearchEngine.Evaluation;

namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>A metric at a cut, by trec_eval's definition. Equal scores stand in the order of the reply.</summary>
internal readonly record struct Metric(Wire.QualityMetric Kind, int Cut)
{
    /// <summary>What is measured when nothing is said.</summary>
    public static IReadOnlyList<Metric> Defaults { get; } =
    [
        new(Wire.QualityMetric.Recall, 1), new(Wire.QualityMetric.Recall, 5), new(Wire.QualityMetric.Recall, 10), new(Wire.QualityMetric.Recall, 20),
        new(Wire.QualityMetric.Precision, 10), new(Wire.QualityMetric.Ndcg, 10), new(Wire.QualityMetric.ReciprocalRank, 10),
        new(Wire.QualityMetric.AveragePrecision, 100),
    ];

    public static IReadOnlyList<Metric> Read(IReadOnlyList<Wire.MetricAt> metrics)
    {
        if (metrics.Count > EvaluationLimits.MaxMetrics)
        {
            throw Refusal.Limit("metrics", metrics.Count, EvaluationLimits.MaxMetrics, "metrics", "Ask for fewer.");
        }
        return metrics.Count == 0 ? Defaults : [.. metrics.Select(static (metric, i) => Read(metric, $"metrics[{i}]"))];
    }

    /// <param name="grades">Of the hits, the best first.</param>
    /// <param name="ideal">Grades of all relevant points, the greatest first.</param>
    public double Of(ReadOnlySpan<int> grades, ReadOnlySpan<int> ideal)
    {
        ReadOnlySpan<int> cut = grades[..Math.Min(Cut, grades.Length)];
        return Kind switch
        {
            Wire.QualityMetric.Recall => RankingMetrics.RecallAt(grades, ideal.Length, Cut),
            Wire.QualityMetric.Precision => RankingMetrics.PrecisionAt(grades, Cut),
            Wire.QualityMetric.Ndcg => RankingMetrics.NdcgAt(grades, ideal, Cut),
            Wire.QualityMetric.ReciprocalRank => RankingMetrics.ReciprocalRank(cut),
            Wire.QualityMetric.AveragePrecision => RankingMetrics.AveragePrecision(cut, ideal.Length),
            _ => RankingMetrics.HitAt(grades, Cut),
        };
    }

    public Wire.MetricAt ToWire() => new() { Metric = Kind, K = (uint)Cut };

    private static Metric Read(Wire.MetricAt metric, string path)
    {
        if (metric.Metric == Wire.QualityMetric.Unspecified)
        {
            throw Refusal.Required($"{path}.metric", "Say which metric.");
        }
        if (!Enum.IsDefined(metric.Metric))
        {
            throw Refusal.Invalid($"{path}.metric", "There is no such metric.", "Use a value of QualityMetric.", ((int)metric.Metric).ToString(CultureInfo.InvariantCulture));
        }
        return metric.K <= EvaluationLimits.MaxCut
            ? new Metric(metric.Metric, metric.K == 0 ? EvaluationLimits.DefaultCut : (int)metric.K)
            : throw Refusal.Limit($"{path}.k", metric.K, EvaluationLimits.MaxCut, "hits", "Cut earlier.");
    }
}
