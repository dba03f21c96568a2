using System.Runtime.InteropServices;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Log;

/// <summary>The payload of a written document. Spans point into the payload.</summary>
internal readonly ref struct PutRecord
{
    /// <summary>Positions from here on are those of multi vectors; those between are no one's.</summary>
    private const int FirstMulti = 32;

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
    /// <param name="multis">Multi vectors by schema position, as stored; empty where the document has none.</param>
    public static void Write(
        PooledBuffer target, DocumentId id, ulong version, ReadOnlySpan<byte> body, ReadOnlySpan<ReadOnlyMemory<float>> vectors,
        ReadOnlySpan<ReadOnlyMemory<byte>> multis = default)
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
        for (int position = 0; position < multis.Length; position++)
        {
            if (!multis[position].IsEmpty)
            {
                target.WriteByte((byte)(FirstMulti + position));
                RecordParts.WriteCounted(target, multis[position].Span);
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
    public ReadOnlySpan<float> Vector(int position) => MemoryMarshal.Cast<byte, float>(Entry(position));

    /// <summary>The multi vector at a schema position as it is stored, empty where the document has none.</summary>
    public ReadOnlySpan<byte> Multi(int position) => Entry(FirstMulti + position);

    private ReadOnlySpan<byte> Entry(int position)
    {
        var cursor = new ByteCursor(_vectors);
        while (!cursor.AtEnd)
        {
            int found = cursor.ReadByte();
            ReadOnlySpan<byte> bytes = found switch
            {
                < CollectionSchema.MaxVectors => cursor.ReadBytes(cursor.ReadCount(RowFileHeader.MaxDim) * sizeof(float)),
                >= FirstMulti and < FirstMulti + CollectionSchema.MaxVectors => cursor.ReadCounted(),
                _ => throw ByteCursor.Malformed($"vector position {found}, a schema has at most {CollectionSchema.MaxVectors}"),
            };
            if (found == position)
            {
                return bytes;
            }
        }

        return default;
    }
}
