using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Writes;

/// <summary>An operation that was checked and encoded on its caller's thread, so that the one writer only compares, copies and
/// appends.</summary>
internal abstract record PreparedWrite(DocumentId Id)
{
    /// <param name="Body">Attributes and texts, encoded.</param>
    /// <param name="Vectors">By position in the schema; empty for one the document has not.</param>
    /// <param name="Multis">Multi vectors by position in the schema, as stored; empty for one the document has not.</param>
    public sealed record Put(
        DocumentId Id, ReadOnlyMemory<byte> Body, ReadOnlyMemory<float>[] Vectors, ReadOnlyMemory<byte>[] Multis, WriteMode Mode,
        ulong ExpectedVersion)
        : PreparedWrite(Id);

    /// <param name="Delta">What changes, encoded.</param>
    public sealed record Patch(DocumentId Id, ReadOnlyMemory<byte> Delta, ulong? ExpectedVersion) : PreparedWrite(Id);

    public sealed record Delete(DocumentId Id, ulong? ExpectedVersion) : PreparedWrite(Id);
}
