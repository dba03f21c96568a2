using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>The entries of one kind that a body has, by ascending position, for foreach. Nothing is allocated.</summary>
internal ref struct BodyEntries<TEntry>
    where TEntry : struct, IBodyEntry<TEntry>, allows ref struct
{
    private ByteCursor _cursor;
    private int _next;
    private TEntry _current;

    /// <param name="part">Of the body: all entries of the kind.</param>
    internal BodyEntries(ReadOnlySpan<byte> part) => _cursor = new ByteCursor(part);

    public readonly TEntry Current => _current;

    public readonly BodyEntries<TEntry> GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_cursor.AtEnd)
        {
            return false;
        }

        int position = _next + _cursor.ReadCount(TEntry.Most - 1);
        if (position >= TEntry.Most)
        {
            throw ByteCursor.Malformed($"{TEntry.Kind} position {position}, a schema has at most {TEntry.Most}");
        }

        _current = TEntry.Read(ref _cursor, position);
        _next = position + 1;
        return true;
    }

    /// <summary>False when the body has none at the position.</summary>
    public readonly bool TryFind(int position, out TEntry entry)
    {
        foreach (TEntry candidate in this)
        {
            if (candidate.Position >= position)
            {
                entry = candidate;
                return candidate.Position == position;
            }
        }

        entry = default;
        return false;
    }
}
