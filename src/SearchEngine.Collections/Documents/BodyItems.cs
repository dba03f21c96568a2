using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>The values of one attribute, for foreach.</summary>
internal ref struct BodyItems
{
    private readonly AttributeType _type;
    private ByteCursor _cursor;
    private int _left;
    private BodyItem _current;

    internal BodyItems(AttributeType type, int count, ReadOnlySpan<byte> values)
    {
        _type = type;
        _left = count;
        _cursor = new ByteCursor(values);
    }

    public readonly BodyItem Current => _current;

    public readonly BodyItems GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        _current = BodyItem.Read(ref _cursor, _type);
        return true;
    }
}
