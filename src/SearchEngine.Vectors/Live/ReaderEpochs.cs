namespace SearchEngine.Vectors.Live;

/// <summary>
/// Tells a writer when no search can still hold what he has unlinked: unlink, <see cref="Advance"/>, wait for
/// <see cref="HasPassed"/>, free. A search pays two stores to its own cache line and one fence, and nothing shared.
/// </summary>
internal sealed class ReaderEpochs
{
    private readonly Lock _registration = new();
    private Reader[] _readers = [];
    private long _epoch = 1;

    public Reader Register()
    {
        var reader = new Reader();
        lock (_registration)
        {
            Volatile.Write(ref _readers, [.. _readers, reader]);
        }
        return reader;
    }

    public void Unregister(Reader reader)
    {
        lock (_registration)
        {
            Volatile.Write(ref _readers, [.. _readers.Where(r => r != reader)]);
        }
    }

    public void Enter(Reader reader)
    {
        Volatile.Write(ref reader.Slot(), Volatile.Read(ref _epoch));
        // Before anything shared is read: a writer that does not see this search has unlinked before it looks.
        Interlocked.MemoryBarrier();
    }

    public void Leave(Reader reader) => Volatile.Write(ref reader.Slot(), 0);

    /// <summary>Begins a new epoch; what was unlinked before is free when it <see cref="HasPassed"/>.</summary>
    public long Advance() => Interlocked.Increment(ref _epoch);

    /// <summary>Whether every search now running began in <paramref name="epoch"/> or later.</summary>
    public bool HasPassed(long epoch)
    {
        foreach (Reader reader in Volatile.Read(ref _readers))
        {
            long entered = Volatile.Read(ref reader.Slot());
            if (entered != 0 && entered < epoch)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Waits until it <see cref="HasPassed"/>.</summary>
    public void WaitFor(long epoch)
    {
        var spin = default(SpinWait);
        while (!HasPassed(epoch))
        {
            spin.SpinOnce();
        }
    }

    /// <summary>One searcher; the epoch its search began in stands on a cache line of its own.</summary>
    internal sealed class Reader
    {
        private readonly long[] _slots = new long[24];

        public ref long Slot() => ref _slots[12];
    }
}
