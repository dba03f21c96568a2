namespace SearchEngine.Vectors.Live;

/// <summary>One bit per ordinal: the row is dead. Set once, by any thread; read by any thread at any time.</summary>
internal sealed class Tombstones(int capacity)
{
    private readonly ulong[] _words = new ulong[(capacity + 63) / 64];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The bits; they change under the reader.</summary>
    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>Sets the bit and says whether it was unset.</summary>
    public bool Add(uint ordinal)
    {
        ulong bit = 1ul << (int)(ordinal & 63);
        if ((Interlocked.Or(ref _words[ordinal >> 6], bit) & bit) != 0)
        {
            return false;
        }
        Interlocked.Increment(ref _count);
        return true;
    }

    public bool Contains(uint ordinal) => (Volatile.Read(ref _words[ordinal >> 6]) >> (int)(ordinal & 63) & 1) != 0;
}
