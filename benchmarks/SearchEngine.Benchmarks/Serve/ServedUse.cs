namespace SearchEngine.Benchmarks.Serve;

/// <summary>What the server's process has used since it started, or from one moment to another.</summary>
internal sealed record ServedUse(long AllocatedBytes, double CpuMicros, long ResidentBytes);
