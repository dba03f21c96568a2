using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Filters;

/// <summary>One document as a segment of its own without columns: its attributes are read from its stored form.</summary>
internal sealed class SingleDocument(DocumentId id) : IAttributeReader, IIdLookup
{
    public int Rows => 1;

    public AttributeColumn? Column(int position) => null;

    public bool TryFind(DocumentId asked, int rowsBelow, out uint ordinal)
    {
        ordinal = 0;
        return asked == id;
    }
}
