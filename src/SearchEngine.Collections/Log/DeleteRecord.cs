using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Log;

/// <summary>The payload of a removal.</summary>
/// <param name="Version">Of the document that was removed.</param>
internal readonly record struct DeleteRecord(DocumentId Id, ulong Version)
{
    /// <summary>Appends a payload.</summary>
    public static void Write(PooledBuffer target, DocumentId id, ulong version)
    {
        RecordParts.WriteId(target, id);
        target.WriteVarint(version);
    }

    public static DeleteRecord Read(ReadOnlySpan<byte> payload)
    {
        var cursor = new ByteCursor(payload);
        DocumentId id = RecordParts.ReadId(ref cursor);
        return new DeleteRecord(id, cursor.ReadVarint());
    }
}
