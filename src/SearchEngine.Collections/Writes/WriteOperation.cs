using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Writes;

/// <summary>One operation of a batch.</summary>
public abstract record WriteOperation
{
    private WriteOperation()
    {
    }

    /// <summary>Writes a document, whole: one with a known id is replaced.</summary>
    public sealed record Put(Document Document, WriteMode Mode = WriteMode.Upsert, ulong ExpectedVersion = 0) : WriteOperation;

    /// <summary>Sets single attributes of a document; a null removes the value. The document must exist.</summary>
    public sealed record Patch(
        DocumentId Id, IReadOnlyDictionary<string, AttributeValue> Attributes, ulong? ExpectedVersion = null) : WriteOperation;

    /// <summary>Deletes a document; an id that does not exist is no error.</summary>
    public sealed record Delete(DocumentId Id, ulong? ExpectedVersion = null) : WriteOperation;
}
