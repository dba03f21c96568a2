namespace SearchEngine.Rpc.Server;

/// <summary>A count that every core adds to in cache lines of its own, so that counting passes none around.</summary>
internal sealed class StripedCount
{
    // Two lines of 64 bytes: processors fetch them in pairs.
    private const int Stride = 16;

    private readonly long[] _parts = new long[Environment.ProcessorCount * Stride];

    public long Sum
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < _parts.Length; i += Stride) sum += Interlocked.Read(ref _parts[i]);
            return sum;
        }
    }

    public void Add(long count) =>
        Interlocked.Add(ref _parts[Thread.GetCurrentProcessorId() % Environment.ProcessorCount * Stride], count);
}
