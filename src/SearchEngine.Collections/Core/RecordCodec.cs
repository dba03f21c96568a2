using SearchEngine.Collections.Log;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections.Core;

/// <summary>Writes as log records and back. A record says all that a replica needs to apply it to the state before it.</summary>
internal static class RecordCodec
{
    /// <summary>Appends a write's payload and says its kind.</summary>
    public static LogRecordKind Encode(PreparedWrite write, ulong version, PooledBuffer payload)
    {
        switch (write)
        {
            case PreparedWrite.Put put:
                PutRecord.Write(payload, put.Id, version, put.Body.Span, put.Vectors, put.Multis);
                return LogRecordKind.Put;
            case PreparedWrite.Patch patch:
                PatchRecord.Write(payload, patch.Id, version, patch.Delta.Span);
                return LogRecordKind.Patch;
            default:
                DeleteRecord.Write(payload, write.Id, version);
                return LogRecordKind.Delete;
        }
    }

    /// <summary>Reads a write back; null for a kind that changes no document.</summary>
    /// <exception cref="CollectionException">Checksum: the payload is not one, whatever its checksum says.</exception>
    public static PreparedWrite? Decode(in LogRecord record, CollectionSchema schema, out ulong version)
    {
        ReadOnlySpan<byte> payload = record.Payload.Span;
        switch (record.Kind)
        {
            case LogRecordKind.Put:
                PutRecord put = PutRecord.Read(payload);
                version = put.Version;
                return new PreparedWrite.Put(put.Id, put.Body.ToArray(), Vectors(put, schema), Multis(put, schema), WriteMode.Upsert, 0);
            case LogRecordKind.Patch:
                PatchRecord patch = PatchRecord.Read(payload);
                version = patch.Version;
                return new PreparedWrite.Patch(patch.Id, patch.Patch.ToArray(), null);
            case LogRecordKind.Delete:
                DeleteRecord delete = DeleteRecord.Read(payload);
                version = delete.Version;
                return new PreparedWrite.Delete(delete.Id, null);
            default:
                version = 0;
                return null;
        }
    }

    private static ReadOnlyMemory<float>[] Vectors(PutRecord put, CollectionSchema schema)
    {
        var vectors = new ReadOnlyMemory<float>[schema.Vectors.Count];
        for (int v = 0; v < vectors.Length; v++)
        {
            ReadOnlySpan<float> values = put.Vector(v);
            vectors[v] = values.IsEmpty ? default : values.ToArray();
        }
        return vectors;
    }

    private static ReadOnlyMemory<byte>[] Multis(PutRecord put, CollectionSchema schema)
    {
        var multis = new ReadOnlyMemory<byte>[schema.MultiVectors.Count];
        for (int m = 0; m < multis.Length; m++)
        {
            multis[m] = put.Multi(m).ToArray();
        }
        return multis;
    }
}
