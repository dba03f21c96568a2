using System.Diagnostics.Metrics;

namespace SearchEngine.Rpc.Operations.Metrics;

/// <summary>Upper bounds of a histogram's buckets: what its maker advises, else by its unit.</summary>
internal static class HistogramBounds
{
    private const int MostBounds = 64;

    private static readonly double[] Seconds = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];
    private static readonly double[] Counts = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    public static double[] Of(Instrument instrument)
    {
        double[]? advised = instrument switch
        {
            Histogram<double> histogram => Ascending(histogram.Advice),
            Histogram<float> histogram => Ascending(histogram.Advice),
            Histogram<long> histogram => Ascending(histogram.Advice),
            Histogram<int> histogram => Ascending(histogram.Advice),
            _ => null,
        };
        return advised is { Length: > 0 and <= MostBounds } ? advised : instrument.Unit == "s" ? Seconds : Counts;
    }

    private static double[]? Ascending<T>(InstrumentAdvice<T>? advice)
        where T : struct, System.Numerics.INumber<T> => advice?.HistogramBucketBoundaries?.Select(double.CreateChecked).Order().ToArray();
}
