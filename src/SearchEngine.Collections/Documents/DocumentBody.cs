using System.Buffers.Binary;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>
/// Reads the stored form of a document's attributes, texts and sparse vectors; <see cref="BodyEncoder"/> writes it. The same bytes stand in the
/// log, in the live documents and in segments. Bytes that cannot be such a form are a typed error, never a wrong value.
/// </summary>
internal static class DocumentBody
{
    /// <summary>Of all attributes of a document, as stored.</summary>
    public const int MaxAttributeBytes = 64 << 10;

    /// <summary>Of a keyword, in UTF-8: what is longer is no value to compare by, and could not be asked for.</summary>
    public const int MaxKeywordBytes = 4096;

    /// <summary>Values of an array.</summary>
    public const int MaxArrayItems = 1024;

    /// <summary>Of each text.</summary>
    public const int MaxTextBytes = 1 << 20;

    public static BodyEntries<BodyAttribute> Attributes(ReadOnlySpan<byte> body) => new(AttributePart(body));

    public static BodyEntries<BodyText> Texts(ReadOnlySpan<byte> body)
    {
        int sparse = SparsePart(body).Length;
        int end = body.Length - (sparse > 0 ? sparse + BodyFormat.TailBytes : 0);
        return new BodyEntries<BodyText>(body[(BodyFormat.HeadBytes + AttributePart(body).Length)..end]);
    }

    public static BodyEntries<BodySparseVector> SparseVectors(ReadOnlySpan<byte> body) => new(SparsePart(body));

    /// <summary>The wanted attributes by name; those without a value are left out.</summary>
    public static IReadOnlyDictionary<string, AttributeValue> ReadAttributes(
        ReadOnlySpan<byte> body, CollectionSchema schema, BodySelection wanted) =>
        ByName<BodyAttribute, AttributeValue>(Attributes(body), schema.Attributes, wanted.Attributes);

    /// <summary>The wanted texts by name; those that the document does not have are left out.</summary>
    public static IReadOnlyDictionary<string, string> ReadTexts(ReadOnlySpan<byte> body, CollectionSchema schema, BodySelection wanted) =>
        ByName<BodyText, string>(Texts(body), schema.Texts, wanted.Texts);

    /// <summary>The wanted sparse vectors by name; those that the document does not have are left out.</summary>
    public static IReadOnlyDictionary<string, SparseVector> ReadSparseVectors(
        ReadOnlySpan<byte> body, CollectionSchema schema, BodySelection wanted) =>
        ByName<BodySparseVector, SparseVector>(SparseVectors(body), schema.SparseVectors, wanted.SparseVectors);

    /// <summary>Appends the body that results from applying a patch, which has no sparse vectors: they stay.</summary>
    /// <exception cref="CollectionException">LimitExceeded: the attributes are too large together.</exception>
    public static void WithPatch(ReadOnlySpan<byte> body, ReadOnlySpan<byte> patch, PooledBuffer result)
    {
        var writer = new BodyWriter(result);
        BodyPatch.Merge(Attributes(body), Attributes(patch), ref writer);
        writer.EndAttributes();
        BodyPatch.Merge(Texts(body), Texts(patch), ref writer);
        writer.EndTexts();
        foreach (BodySparseVector vector in SparseVectors(body))
        {
            vector.CopyTo(ref writer);
        }
        writer.End();
    }

    private static Dictionary<string, TValue> ByName<TEntry, TValue>(BodyEntries<TEntry> entries, IReadOnlyList<IField> fields, FieldMarks wanted)
        where TEntry : struct, IBodyEntry<TEntry>, IBodyValue<TValue>, allows ref struct
    {
        var values = new Dictionary<string, TValue>(StringComparer.Ordinal);
        foreach (TEntry entry in entries)
        {
            if (entry.Position >= fields.Count)
            {
                throw ByteCursor.Malformed($"{TEntry.Kind} {entry.Position} in a collection that has {fields.Count}");
            }

            if (wanted.Has(entry.Position))
            {
                values.Add(fields[entry.Position].Name, entry.ToValue());
            }
        }

        return values;
    }

    private static ReadOnlySpan<byte> AttributePart(ReadOnlySpan<byte> body)
    {
        if (body.Length < BodyFormat.HeadBytes || body[0] is not (BodyFormat.Version or BodyFormat.VersionWithSparse))
        {
            throw ByteCursor.Malformed($"{body.Length} bytes that do not start as a document body");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
        return length <= (uint)(body.Length - BodyFormat.HeadBytes)
            ? body.Slice(BodyFormat.HeadBytes, (int)length)
            : throw ByteCursor.Malformed($"{length} bytes of attributes in a body of {body.Length} bytes");
    }

    private static ReadOnlySpan<byte> SparsePart(ReadOnlySpan<byte> body)
    {
        if (body.Length < BodyFormat.HeadBytes || body[0] != BodyFormat.VersionWithSparse)
        {
            return default;
        }

        int room = body.Length - BodyFormat.HeadBytes - AttributePart(body).Length - BodyFormat.TailBytes;
        uint length = room < 0 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(body[^BodyFormat.TailBytes..]);
        return length > 0 && length <= (uint)room
            ? body.Slice(body.Length - BodyFormat.TailBytes - (int)length, (int)length)
            : throw ByteCursor.Malformed($"{length} bytes of sparse vectors in a body of {body.Length} bytes");
    }
}
