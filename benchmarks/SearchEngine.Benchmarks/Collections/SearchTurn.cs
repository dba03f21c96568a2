namespace SearchEngine.Benchmarks.Collections;

/// <summary>Latencies of a turn of searches, and what the runtime's memory management did meanwhile: all threads wait for its pauses.</summary>
internal sealed record SearchTurn(Percentiles Latency, int Collections, double PauseMillis, long AllocatedBytes);
