using System.Globalization;
using System.Text;

namespace SearchEngine.Rpc.Operations.Metrics;

/// <summary>Prometheus' text exposition format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<Family> families)
    {
        var text = new StringBuilder();
        foreach (Family family in families.OrderBy(family => family.Name, StringComparer.Ordinal)) Write(text, family);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Family family)
    {
        (string Labels, Series Series)[] series =
            [.. family.Series.Select(entry => (Labels(entry.Key), entry.Value)).OrderBy(entry => entry.Item1, StringComparer.Ordinal)];
        if (series.Length == 0) return;
        if (family.Help.Length > 0) text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escaped(family.Help)).Append('\n');
        text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Kind.ToString().ToLowerInvariant()).Append('\n');
        foreach ((string labels, Series one) in series)
        {
            if (family.Kind == FamilyKind.Histogram) WriteHistogram(text, family, labels, one);
            else Sample(text, family.Name, labels, one.Sum);
        }
    }

    private static void WriteHistogram(StringBuilder text, Family family, string labels, Series series)
    {
        long[] counts = series.Cumulated();
        string before = labels.Length == 0 ? "" : labels + ",";
        for (int i = 0; i < counts.Length; i++)
        {
            double bound = i < family.Bounds.Length ? family.Bounds[i] : double.PositiveInfinity;
            Sample(text, family.Name + "_bucket", $"{before}le=\"{Number(bound)}\"", counts[i]);
        }
        Sample(text, family.Name + "_sum", labels, series.Sum);
        // The last bucket, not a count of its own: both are read while others record, and have to agree.
        Sample(text, family.Name + "_count", labels, counts[^1]);
    }

    private static void Sample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Labels(LabelSet labels) => string.Join(',', labels.Tags.Select(tag =>
        $"{MetricNames.Label(tag.Key)}=\"{Quotable(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\""));

    private static string Quotable(string value) => Escaped(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
