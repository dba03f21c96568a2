using System.Buffers.Binary;
using System.Text;
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

    public static BodyAttributes Attributes(ReadOnlySpan<byte> body) => new(AttributePart(body));

    public static BodyTexts Texts(ReadOnlySpan<byte> body)
    {
        int sparse = SparsePart(body).Length;
        int end = body.Length - (sparse > 0 ? sparse + BodyFormat.TailBytes : 0);
        return new BodyTexts(body[(BodyFormat.HeadBytes + AttributePart(body).Length)..end]);
    }

    public static BodySparseVectors SparseVectors(ReadOnlySpan<byte> body) => new(SparsePart(body));

    /// <summary>False when the document has no value for the attribute.</summary>
    public static bool TryAttribute(ReadOnlySpan<byte> body, int position, out BodyAttribute attribute)
    {
        foreach (BodyAttribute candidate in Attributes(body))
        {
            if (candidate.Position >= position)
            {
                attribute = candidate;
                return candidate.Position == position;
            }
        }

        attribute = default;
        return false;
    }

    /// <summary>The value of one attribute, or null.</summary>
    public static AttributeValue Attribute(ReadOnlySpan<byte> body, int position) =>
        TryAttribute(body, position, out BodyAttribute attribute) ? attribute.Value() : AttributeValue.Null;

    /// <summary>False when the document does not have the text.</summary>
    public static bool TryText(ReadOnlySpan<byte> body, int position, out ReadOnlySpan<byte> utf8)
    {
        foreach (BodyText candidate in Texts(body))
        {
            if (candidate.Position >= position)
            {
                utf8 = candidate.Utf8;
                return candidate.Position == position;
            }
        }

        utf8 = default;
        return false;
    }

    /// <summary>False when the document does not have the sparse vector.</summary>
    public static bool TrySparseVector(ReadOnlySpan<byte> body, int position, out BodySparseVector vector)
    {
        foreach (BodySparseVector candidate in SparseVectors(body))
        {
            if (candidate.Position >= position)
            {
                vector = candidate;
                return candidate.Position == position;
            }
        }

        vector = default;
        return false;
    }

    /// <summary>The wanted attributes by name; those without a value are left out.</summary>
    public static IReadOnlyDictionary<string, AttributeValue> ReadAttributes(
        ReadOnlySpan<byte> body, CollectionSchema schema, BodySelection wanted)
    {
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (BodyAttribute attribute in Attributes(body))
        {
            if (attribute.Position >= schema.Attributes.Count)
            {
                throw ByteCursor.Malformed($"attribute {attribute.Position} in a collection that has {schema.Attributes.Count}");
            }

            if (wanted.HasAttribute(attribute.Position))
            {
                values.Add(schema.Attributes[attribute.Position].Name, attribute.Value());
            }
        }

        return values;
    }

    /// <summary>The wanted texts by name; those that the document does not have are left out.</summary>
    public static IReadOnlyDictionary<string, string> ReadTexts(ReadOnlySpan<byte> body, CollectionSchema schema, BodySelection wanted)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (BodyText text in Texts(body))
        {
            if (text.Position >= schema.Texts.Count)
            {
                throw ByteCursor.Malformed($"text {text.Position} in a collection that has {schema.Texts.Count}");
            }

            if (wanted.HasText(text.Position))
            {
                values.Add(schema.Texts[text.Position].Name, Encoding.UTF8.GetString(text.Utf8));
            }
        }

        return values;
    }

    /// <summary>The wanted sparse vectors by name; those that the document does not have are left out.</summary>
    public static IReadOnlyDictionary<string, SparseVector> ReadSparseVectors(
        ReadOnlySpan<byte> body, CollectionSchema schema, BodySelection wanted)
    {
        var values = new Dictionary<string, SparseVector>(StringComparer.Ordinal);
        foreach (BodySparseVector vector in SparseVectors(body))
        {
            if (vector.Position >= schema.SparseVectors.Count)
            {
                throw ByteCursor.Malformed($"sparse vector {vector.Position} in a collection that has {schema.SparseVectors.Count}");
            }

            if (wanted.HasSparseVector(vector.Position))
            {
                values.Add(schema.SparseVectors[vector.Position].Name, vector.ToVector());
            }
        }

        return values;
    }

    /// <summary>Appends the body that results from applying a patch, which has no sparse vectors: they stay.</summary>
    /// <exception cref="CollectionException">LimitExceeded: the attributes are too large together.</exception>
    public static void WithPatch(ReadOnlySpan<byte> body, ReadOnlySpan<byte> patch, PooledBuffer result)
    {
        var writer = new BodyWriter(result);
        BodyPatch.MergeAttributes(Attributes(body), Attributes(patch), ref writer);
        writer.EndAttributes();
        BodyPatch.MergeTexts(Texts(body), Texts(patch), ref writer);
        writer.EndTexts();
        foreach (BodySparseVector vector in SparseVectors(body))
        {
            writer.SparseVector(vector.Position, vector.Dimensions, vector.Weights);
        }
        writer.End();
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
