using SearchEngine.Evaluation;

namespace SearchEngine.Cli.Benching;

/// <summary>All points of all collections that were swept, with the front over all of them.</summary>
internal sealed record Dims(IReadOnlyList<DimsPoint> Points, IReadOnlyList<(Source Source, Wire.SweepReport Report)> Reports, uint Hits)
{
    public Wire.MachineDescription Machine => Reports[0].Report.Machine;

    public static Dims Of(IReadOnlyList<(Source Source, Wire.SweepReport Report)> reports, uint hits)
    {
        (string Label, Wire.SweepPoint Point)[] points = [.. reports.SelectMany(one => one.Report.Points.Select(point => (one.Source.Label, point)))];
        bool[] front = ParetoFront.Of([.. points.Select(one => new double[] { one.Point.Recall, -(double)one.Point.Latency.P50Micros, -one.Point.BytesPerPoint })]);
        return new Dims([.. points.Select((one, i) => new DimsPoint(one.Label, one.Point, front[i]))], reports, hits);
    }

    public bool HasNdcg => Points.Any(one => one.Point.Ndcg > 0);
}
