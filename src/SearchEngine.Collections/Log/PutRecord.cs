using System.Runtime.InteropServices;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Log;

/// <summary>The payload of a written document. Spans point into the payload.</summary>
internal readonly ref struct PutRecord
{
    private readonly ReadOnlySpan<byte> _vectors;

    private PutRecord(DocumentId id, ulong version, ReadOnlySpan<byte> body, ReadOnlySpan<byte> vectors)
    {
        Id = id;
        Version = version;
        Body = body;
        _vectors = vectors;
    }

    public DocumentId Id { get; }

    public ulong Version { get; }

    /// <summary>Attributes and texts, a <see cref="DocumentBody"/>.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Appends a payload.</summary>
    /// <param name="vectors">By schema position, in the caller's coordinates; empty where the document has none.</param>
    public static void Write(
        PooledBuffer target, DocumentId id, ulong version, ReadOnlySpan<byte> body, ReadOnlySpan<ReadOnlyMemory<float>> vectors)
    {
        RecordParts.WriteId(target, id);
        target.WriteVarint(version);
        RecordParts.WriteCounted(target, body);
        for (int position = 0; position < vectors.Length; position++)
        {
            ReadOnlySpan<float> vector = vectors[position].Span;
            if (!vector.IsEmpty)
            {
                target.WriteByte((byte)position);
                target.WriteVarint((ulong)vector.Length);
                target.Write(MemoryMarshal.AsBytes(vector));
            }
        }
    }

    public static PutRecord Read(ReadOnlySpan<byte> payload)
    {
        var cursor = new ByteCursor(payload);
        DocumentId id = RecordParts.ReadId(ref cursor);
        ulong version = cursor.ReadVarint();
        ReadOnlySpan<byte> body = cursor.ReadCounted();
        return new PutRecord(id, version, body, cursor.ReadBytes(cursor.Remaining));
    }

    /// <summary>The vector at a schema position, empty where the document has none. It may not be aligned.</summary>
    public ReadOnlySpan<float> Vector(int position)
    {
        var cursor = new ByteCursor(_vectors);
        while (!cursor.AtEnd)
        {
            int found = cursor.ReadByte();
            int dimension = cursor.ReadCount(RowFileHeader.MaxDim);
            ReadOnlySpan<byte> bytes = cursor.ReadBytes(dimension * sizeof(float));
            if (found >= CollectionSchema.MaxVectors)
            {
                throw ByteCursor.Malformed($"vector position {found}, a schema has at most {CollectionSchema.MaxVectors}");
            }

            if (found == position)
            {
                return MemoryMarshal.Cast<byte, float>(bytes);
            }
        }

        return default;
    }
}
