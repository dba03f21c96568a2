using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Log;

/// <summary>The payload of a partial update: the old body is read when it is applied. Spans point into the payload.</summary>
internal readonly ref struct PatchRecord
{
    private PatchRecord(DocumentId id, ulong version, ReadOnlySpan<byte> patch)
    {
        Id = id;
        Version = version;
        Patch = patch;
    }

    public DocumentId Id { get; }

    /// <summary>Of the document after the update.</summary>
    public ulong Version { get; }

    /// <summary>For <see cref="DocumentBody.WithPatch"/>.</summary>
    public ReadOnlySpan<byte> Patch { get; }

    /// <summary>Appends a payload.</summary>
    public static void Write(PooledBuffer target, DocumentId id, ulong version, ReadOnlySpan<byte> patch)
    {
        RecordParts.WriteId(target, id);
        target.WriteVarint(version);
        RecordParts.WriteCounted(target, patch);
    }

    public static PatchRecord Read(ReadOnlySpan<byte> payload)
    {
        var cursor = new ByteCursor(payload);
        DocumentId id = RecordParts.ReadId(ref cursor);
        return new PatchRecord(id, cursor.ReadVarint(), cursor.ReadCounted());
    }
}
