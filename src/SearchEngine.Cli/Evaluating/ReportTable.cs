using System.Globalization;
using SearchEngine.Cli.Output;

namespace SearchEngine.Cli.Evaluating;

/// <summary>An evaluation as people read it: figures with their intervals, and a difference called one only where chance does not explain it.</summary>
internal static class ReportTable
{
    private const double Micros = 1e3;
    private const double Sure = 0.05;

    public static void Write(Wire.EvaluateReport report)
    {
        Wire.MetricAt[] metrics = [.. Shown(report.Reports[0].Groups[0]).Select(value => value.Metric)];
        List<Column> columns = [Column.Words("searched by"), .. metrics.Select(metric => Column.Number(NameOf(metric))), Column.Number("ms p50 / p90 / p99")];
        Screen.Table(columns, report.Reports.SelectMany(Rows));
        foreach (Wire.ConfigurationReport one in report.Reports.Skip(1))
        {
            Screen.Line($"  {one.Configuration}, {Verdict(one)} {report.Reports[0].Configuration}.");
        }
        foreach (Wire.ConfigurationReport failing in report.Reports.Where(one => one.Failed > 0))
        {
            Screen.Line(Invariant($"  {failing.Configuration}: {failing.Failed} queries failed and count as 0."));
        }
        Screen.Line(Invariant(
            $"  {report.Reports[0].Groups[0].Queries} queries. Below each figure: its 95 % interval over queries like these (bootstrap). They say nothing of other collections."));
    }

    public static string NameOf(Wire.MetricAt metric) => metric.Metric switch
    {
        Wire.QualityMetric.Ndcg => Invariant($"NDCG@{metric.K}"),
        Wire.QualityMetric.ReciprocalRank => Invariant($"MRR@{metric.K}"),
        Wire.QualityMetric.AveragePrecision => Invariant($"MAP@{metric.K}"),
        var other => Invariant($"{other.ToString().ToLowerInvariant()}@{metric.K}"),
    };

    private static IEnumerable<IReadOnlyList<string>> Rows(Wire.ConfigurationReport report) => report.Groups.Select(group => (IReadOnlyList<string>)
    [
        group.Group.Length == 0 ? report.Configuration : Invariant($"  {group.Group} ({group.Queries})"),
        .. Shown(group).Select(value => Invariant($"{value.Value:F3}\n{value.Low:F3}-{value.High:F3}")),
        group.Group.Length > 0 || report.Latency is not { } latency
            ? ""
            : Invariant($"{latency.P50Micros / Micros:F2} / {latency.P90Micros / Micros:F2} / {latency.P99Micros / Micros:F2}"),
    ]);

    // Precision and average precision are told to programs: with them no table fits a screen.
    private static IEnumerable<Wire.MetricValue> Shown(Wire.GroupReport group) =>
        group.Values.Where(value => value.Metric.Metric is not (Wire.QualityMetric.Precision or Wire.QualityMetric.AveragePrecision));

    private static string Verdict(Wire.ConfigurationReport report)
    {
        Wire.MetricValue value = report.Groups[0].Values.FirstOrDefault(one => one.Metric.Metric == Wire.QualityMetric.Ndcg) ?? report.Groups[0].Values[0];
        string word = value.PValue > Sure ? "not told apart from" : value.Difference > 0 ? "better than" : "worse than";
        return Invariant($"{NameOf(value.Metric)} {value.Difference:+0.000;-0.000;0.000}, by chance {(value.PValue < 0.001 ? "under 0.001" : Invariant($"{value.PValue:F3}"))}: {word}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
