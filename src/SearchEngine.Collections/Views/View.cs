using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Views;

/// <summary>
/// A collection as of one write: everything a search, scroll or snapshot reads. Immutable, and held by those who read it: what
/// it names is freed after the last of them.
/// </summary>
internal sealed class View
{
    private int _holders = 1;

    public View(ulong number, ulong sequence, CollectionSchema schema, IReadOnlyList<ViewSource> sources)
    {
        Number = number;
        Sequence = sequence;
        Schema = schema;
        Sources = sources;
        foreach (ViewSource source in sources)
        {
            source.Acquire();
            AliveCount += source.AliveCount;
        }
    }

    /// <summary>Grows by one with each view of the collection.</summary>
    public ulong Number { get; }

    /// <summary>The newest write it has seen.</summary>
    public ulong Sequence { get; }

    public CollectionSchema Schema { get; }

    /// <summary>Immutable segments, then live ones, the one that takes writes last.</summary>
    public IReadOnlyList<ViewSource> Sources { get; }

    /// <summary>Documents.</summary>
    public long AliveCount { get; }

    /// <summary>Finds the living row of a document, looking in the newest segments first.</summary>
    public bool TryLocate(DocumentId id, out RowAddress row)
    {
        for (int source = Sources.Count - 1; source >= 0; source--)
        {
            if (Sources[source].TryFind(id, out uint ordinal))
            {
                row = new RowAddress(source, ordinal);
                return true;
            }
        }
        row = default;
        return false;
    }

    /// <summary>False when the last holder has let it go already.</summary>
    public bool TryAcquire()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
            {
                return true;
            }
            holders = seen;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            foreach (ViewSource source in Sources)
            {
                source.Release();
            }
        }
    }
}
