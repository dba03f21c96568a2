using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>The sparse vectors that a body has, by ascending position, for foreach. Nothing is allocated.</summary>
internal ref struct BodySparseVectors
{
    private ByteCursor _cursor;
    private int _next;
    private BodySparseVector _current;

    internal BodySparseVectors(ReadOnlySpan<byte> part) => _cursor = new ByteCursor(part);

    public readonly BodySparseVector Current => _current;

    public readonly BodySparseVectors GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_cursor.AtEnd)
        {
            return false;
        }

        int position = _next + _cursor.ReadCount(CollectionSchema.MaxVectors - 1);
        if (position >= CollectionSchema.MaxVectors)
        {
            throw ByteCursor.Malformed($"sparse vector position {position}, a schema has at most {CollectionSchema.MaxVectors}");
        }

        _current = BodySparseVector.Read(ref _cursor, position);
        _next = position + 1;
        return true;
    }
}
