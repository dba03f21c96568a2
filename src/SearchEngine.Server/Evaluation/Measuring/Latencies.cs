using SearchEngine.Evaluation;

namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>Times of many searches as a report.</summary>
internal static class Latencies
{
    public static Wire.LatencyReport Of(IEnumerable<long> micros)
    {
        var percentiles = new Percentiles(micros.Select(static value => (double)value));
        return new Wire.LatencyReport
        {
            P50Micros = (uint)percentiles.At(0.5),
            P90Micros = (uint)percentiles.At(0.9),
            P99Micros = (uint)percentiles.At(0.99),
            MaxMicros = (uint)percentiles.At(1),
            Count = (uint)percentiles.Count,
        };
    }
}
