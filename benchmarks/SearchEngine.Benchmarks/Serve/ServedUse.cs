namespace SearchEngine.Benchmarks.Serve;

/// <summary>What the server's process has used since it started, or from one moment to another.</summary>
/// <param name="PauseMicros">Time for which the garbage collector held all threads.</param>
/// <param name="Collections">Of garbage, of any generation.</param>
/// <param name="CompiledMethods">Those compiled again count again.</param>
internal sealed record ServedUse(
    long AllocatedBytes, double CpuMicros, long ResidentBytes, double PauseMicros, int Collections, long CompiledMethods)
{
    /// <summary>What was used between an earlier reading and this one.</summary>
    public ServedUse Since(ServedUse earlier) => new(
        AllocatedBytes - earlier.AllocatedBytes, CpuMicros - earlier.CpuMicros, ResidentBytes - earlier.ResidentBytes,
        PauseMicros - earlier.PauseMicros, Collections - earlier.Collections, CompiledMethods - earlier.CompiledMethods);
}
