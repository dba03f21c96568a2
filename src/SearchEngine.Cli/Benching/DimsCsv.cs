using System.Globalization;
using System.Text;

namespace SearchEngine.Cli.Benching;

/// <summary>The points as comma-separated values (RFC 4180), one line each.</summary>
internal static class DimsCsv
{
    private const string Head =
        "collection,walk_dimension,rescore_dimension,walk_code,breadth,recall,recall_low,recall_high,ndcg,p50_micros,p90_micros,p99_micros,queries_per_second_per_core,queries_per_second_deviation,bytes_per_vector,pareto";

    public static string Of(Dims dims)
    {
        var text = new StringBuilder(Head).Append("\r\n");
        foreach (DimsPoint one in dims.Points)
        {
            Wire.SweepPoint p = one.Point;
            text.Append(
                CultureInfo.InvariantCulture,
                $"{Quoted(one.Label)},{p.WalkDimension},{p.RescoreDimension},{p.WalkCode},{p.Breadth},{p.Recall:R},{p.RecallLow:R},{p.RecallHigh:R},{p.Ndcg:R},")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"{p.Latency.P50Micros},{p.Latency.P90Micros},{p.Latency.P99Micros},{p.QueriesPerSecond:R},{p.QueriesPerSecondDeviation:R},{p.BytesPerPoint:R},{(one.IsFront ? 1 : 0)}\r\n");
        }
        return text.ToString();
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
