using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>Finds documents of one segment by their ids.</summary>
internal interface IIdLookup
{
    /// <summary>The newest row with that id among the rows below <paramref name="rowsBelow"/>, dead or not.</summary>
    bool TryFind(DocumentId id, int rowsBelow, out uint ordinal);
}
