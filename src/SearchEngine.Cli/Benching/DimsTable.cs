using System.Globalization;
using SearchEngine.Cli.Output;

namespace SearchEngine.Cli.Benching;

/// <summary>The points as a table; the front is marked.</summary>
internal static class DimsTable
{
    public static void Write(Dims dims)
    {
        List<Column> columns =
        [
            Column.Words(""), Column.Words("collection"), Column.Number("walk"), Column.Number("rescore"), Column.Words("code"), Column.Number("breadth"),
            Column.Number(Invariant($"recall@{dims.Hits}")), Column.Number("95 %"),
        ];
        if (dims.HasNdcg) columns.Add(Column.Number(Invariant($"NDCG@{dims.Hits}")));
        columns.AddRange([Column.Number("p50 us"), Column.Number("p99 us"), Column.Number("per second and core"), Column.Number("bytes a vector")]);
        Screen.Table(columns, dims.Points.Select(one => Row(one, dims.HasNdcg)));
        Screen.Line("  * no other point is better in recall, median latency and bytes at once. Bytes are what a walk reads of links and codes; stored vectors come to it.");
        foreach ((Source source, Wire.SweepReport report) in dims.Reports)
        {
            Screen.Line(Invariant($"  {source.Label}: {report.CollectionPoints} vectors."));
        }
        Wire.MachineDescription machine = dims.Machine;
        Screen.Line(Invariant($"  {machine.Processor}, {machine.Processors} processors, {machine.Kernels}; as busy as it was."));
    }

    private static IReadOnlyList<string> Row(DimsPoint one, bool hasNdcg)
    {
        Wire.SweepPoint point = one.Point;
        List<string> cells =
        [
            one.IsFront ? "*" : "", one.Label, Invariant($"{point.WalkDimension}"), Invariant($"{point.RescoreDimension}"), point.WalkCode.ToString(), Invariant($"{point.Breadth}"),
            Invariant($"{point.Recall:F4}"), Invariant($"{point.RecallLow:F3}-{point.RecallHigh:F3}"),
        ];
        if (hasNdcg) cells.Add(Invariant($"{point.Ndcg:F4}"));
        cells.AddRange([Invariant($"{point.Latency.P50Micros}"), Invariant($"{point.Latency.P99Micros}"), Invariant($"{point.QueriesPerSecond:F0} ± {point.QueriesPerSecondDeviation:F0}"), Invariant($"{point.BytesPerPoint:F0}")]);
        return cells;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
