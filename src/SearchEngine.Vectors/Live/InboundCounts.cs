namespace SearchEngine.Vectors.Live;

/// <summary>
/// Links of level 0 that lead to each row from live rows. Pruning gives up a link only through <see cref="TryRelease"/>, so
/// it never cuts off a row, also when two writers prune the last two links at the same moment.
/// </summary>
internal sealed class InboundCounts(int capacity)
{
    private readonly int[] _counts = new int[capacity];

    public int Of(uint ordinal) => Volatile.Read(ref _counts[ordinal]);

    public void Add(uint ordinal) => Interlocked.Increment(ref _counts[ordinal]);

    /// <summary>Takes back a link whose row died; returns how many are left.</summary>
    public int Drop(uint ordinal) => Interlocked.Decrement(ref _counts[ordinal]);

    /// <summary>Takes back a link unless it is the last.</summary>
    public bool TryRelease(uint ordinal)
    {
        ref int count = ref _counts[ordinal];
        int seen = Volatile.Read(ref count);
        while (seen > 1)
        {
            int before = Interlocked.CompareExchange(ref count, seen - 1, seen);
            if (before == seen)
            {
                return true;
            }
            seen = before;
        }
        return false;
    }
}
