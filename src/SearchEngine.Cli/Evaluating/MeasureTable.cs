using System.Globalization;
using SearchEngine.Cli.Output;
using SearchEngine.Evaluation;

namespace SearchEngine.Cli.Evaluating;

/// <summary>Measures side by side, each with its interval; a difference is called one only where its interval says so.</summary>
internal static class MeasureTable
{
    public static void Write(IReadOnlyList<Measured> rows)
    {
        bool timed = rows.Any(row => row.Latency is not null);
        List<Column> columns = [Column.Words("ranked by"), .. Measured.Measures.Select(measure => Column.Number(measure.Name))];
        if (timed) columns.Add(Column.Number("ms p50 / p95"));
        Screen.Table(columns, rows.Select(row =>
        {
            List<string> cells = [row.Name, .. Measured.Measures.Select(measure => Cell(row.Of(measure.Of)))];
            if (timed) cells.Add(row.Latency is { } latency ? Invariant($"{latency.P50:F1} / {latency.P95:F1}") : "");
            return (IReadOnlyList<string>)cells;
        }));
        for (int i = 1; i < rows.Count; i++)
        {
            Screen.Line($"  {rows[i].Name}, {Verdict(rows[i].Against(rows[0]), rows[0].Name)}");
        }
        Screen.Line("  Below each figure: its 95 % interval over questions like these (bootstrap). They say nothing of other collections.");
    }

    /// <summary>For programs.</summary>
    public static object Json(Measured row) => new
    {
        ranked_by = row.Name,
        queries = row.Queries.Count,
        measures = Measured.Measures.Concat(Measured.More).ToDictionary(measure => measure.Name, measure => Json(row.Of(measure.Of)), StringComparer.Ordinal),
        milliseconds = row.Latency is { } latency ? new { p50 = latency.P50, p95 = latency.P95, p99 = latency.P99 } : null,
    };

    private static object Json(Interval interval) => new { mean = interval.Mean, low = interval.Low, high = interval.High };

    private static string Cell(Interval interval) => Invariant($"{interval.Mean:F3}\n{interval.Low:F3}-{interval.High:F3}");

    private static string Verdict(Interval difference, string other)
    {
        string figures = Invariant($"NDCG@10 {difference.Mean:+0.000;-0.000} ({difference.Low:+0.000;-0.000} to {difference.High:+0.000;-0.000})");
        string word = difference.IsPositive ? "better than" : difference.IsNegative ? "worse than" : "not told apart from";
        return $"{word} {other}: {figures}.";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
