using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>The texts that a body has, by ascending position, for foreach. Nothing is allocated.</summary>
internal ref struct BodyTexts
{
    private ByteCursor _cursor;
    private int _next;
    private BodyText _current;

    internal BodyTexts(ReadOnlySpan<byte> textPart) => _cursor = new ByteCursor(textPart);

    public readonly BodyText Current => _current;

    public readonly BodyTexts GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_cursor.AtEnd)
        {
            return false;
        }

        int position = _next + _cursor.ReadCount(CollectionSchema.MaxTexts - 1);
        if (position >= CollectionSchema.MaxTexts)
        {
            throw ByteCursor.Malformed($"text position {position}, a schema has at most {CollectionSchema.MaxTexts}");
        }

        // One more than the length, so that 0 can say "removed".
        int stored = _cursor.ReadCount(DocumentBody.MaxTextBytes + 1);
        _current = new BodyText(position, stored == 0, stored == 0 ? default : _cursor.ReadBytes(stored - 1));
        _next = position + 1;
        return true;
    }
}
