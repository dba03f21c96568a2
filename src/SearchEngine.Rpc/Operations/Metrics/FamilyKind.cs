namespace SearchEngine.Rpc.Operations.Metrics;

/// <summary>Types of Prometheus' text format.</summary>
internal enum FamilyKind
{
    Gauge = 0,
    Counter = 1,
    Histogram = 2,
}
