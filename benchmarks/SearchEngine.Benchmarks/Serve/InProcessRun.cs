namespace SearchEngine.Benchmarks.Serve;

/// <summary>Searches in the server's process, without gRPC.</summary>
internal sealed record InProcessRun(int Threads, long Searches, double Seconds, double CpuMicros, long AllocatedBytes)
{
    public double PerSecond => Searches / Seconds;

    public double CpuPerSearch => CpuMicros / Searches;
}
