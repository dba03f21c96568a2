using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>The attributes of a body that have a value, by ascending position, for foreach. Nothing is allocated.</summary>
internal ref struct BodyAttributes
{
    private ByteCursor _cursor;
    private int _next;
    private BodyAttribute _current;

    internal BodyAttributes(ReadOnlySpan<byte> attributePart) => _cursor = new ByteCursor(attributePart);

    public readonly BodyAttribute Current => _current;

    public readonly BodyAttributes GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_cursor.AtEnd)
        {
            return false;
        }

        int position = _next + _cursor.ReadCount(CollectionSchema.MaxAttributes - 1);
        if (position >= CollectionSchema.MaxAttributes)
        {
            throw ByteCursor.Malformed($"attribute position {position}, a schema has at most {CollectionSchema.MaxAttributes}");
        }

        _current = BodyAttribute.Read(ref _cursor, position);
        _next = position + 1;
        return true;
    }
}
