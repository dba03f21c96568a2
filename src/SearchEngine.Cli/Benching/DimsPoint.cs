using System.Globalization;

namespace SearchEngine.Cli.Benching;

/// <summary>One measured combination of one collection.</summary>
/// <param name="IsFront">No other point is better in recall, latency and bytes at once.</param>
internal sealed record DimsPoint(string Label, Wire.SweepPoint Point, bool IsFront)
{
    /// <summary>What is the same for all breadths: a line of a plot.</summary>
    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"{Label}: {Point.WalkDimension}{(Point.RescoreDimension == Point.WalkDimension ? "" : $" of {Point.RescoreDimension}")}{(Point.WalkCode == Wire.WalkCode.Auto ? "" : $" {Point.WalkCode}")}");
}
