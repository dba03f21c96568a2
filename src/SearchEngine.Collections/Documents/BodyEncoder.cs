using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>
/// Checks attributes, texts and sparse vectors against a schema and writes their stored form. Any thread. Equal documents give equal bytes. When
/// something is refused, the buffer is as before.
/// </summary>
internal sealed class BodyEncoder
{
    private readonly CollectionSchema _schema;
    private readonly string[] _attributeFields;
    private readonly string[] _textFields;
    private readonly string[] _sparseFields;

    public BodyEncoder(CollectionSchema schema)
    {
        _schema = schema;
        _attributeFields = [.. schema.Attributes.Select(static a => "attributes." + a.Name)];
        _textFields = [.. schema.Texts.Select(static t => "texts." + t.Name)];
        _sparseFields = [.. schema.SparseVectors.Select(static v => "vectors." + v.Name)];
    }

    /// <summary>Appends the body of a document.</summary>
    /// <exception cref="CollectionException">
    /// AttributeUnknown, AttributeType, FieldRequired, FieldInvalid, TextEncoding, LimitExceeded, VectorUnknown, VectorNotFinite,
    /// VectorZero.
    /// </exception>
    public void Encode(Document document, PooledBuffer buffer)
    {
        int start = buffer.Length;
        try
        {
            var writer = new BodyWriter(buffer);
            Attributes(document.Attributes, ref writer);
            writer.EndAttributes();
            Texts(document.Texts, ref writer);
            writer.EndTexts();
            SparseVectors(document.SparseVectors, ref writer);
            writer.End();
        }
        catch
        {
            buffer.CutTo(start);
            throw;
        }
    }

    /// <summary>Appends a patch: null removes a value, anything else replaces it, what is not named stays.</summary>
    /// <exception cref="CollectionException">As <see cref="Encode"/>; FieldRequired for removing what is required.</exception>
    public void EncodePatch(
        IReadOnlyDictionary<string, AttributeValue> attributes, IReadOnlyDictionary<string, string?> texts, PooledBuffer buffer)
    {
        int start = buffer.Length;
        try
        {
            var writer = new BodyWriter(buffer);
            PatchAttributes(attributes, ref writer);
            writer.EndAttributes();
            PatchTexts(texts, ref writer);
        }
        catch
        {
            buffer.CutTo(start);
            throw;
        }
    }

    private void Attributes(IReadOnlyDictionary<string, AttributeValue> values, ref BodyWriter writer)
    {
        int known = 0;
        for (int position = 0; position < _attributeFields.Length; position++)
        {
            AttributeSchema attribute = _schema.Attributes[position];
            bool named = values.TryGetValue(attribute.Name, out AttributeValue value);
            known += named ? 1 : 0;
            if (named && !value.IsNull)
            {
                CheckType(attribute, value, _attributeFields[position]);
                writer.Attribute(position, value, _attributeFields[position]);
            }
            else if (attribute.IsRequired)
            {
                throw BodyErrors.Required(_attributeFields[position]);
            }
        }

        if (known != values.Count)
        {
            ThrowUnknown(values.Keys, "attributes", _schema.AttributeAt);
        }
    }

    private void Texts(IReadOnlyDictionary<string, string> values, ref BodyWriter writer)
    {
        int known = 0;
        for (int position = 0; position < _textFields.Length; position++)
        {
            if (values.TryGetValue(_schema.Texts[position].Name, out string? text))
            {
                known++;
                writer.Text(position, text, _textFields[position]);
            }
            else if (_schema.Texts[position].IsRequired)
            {
                throw BodyErrors.Required(_textFields[position]);
            }
        }

        if (known != values.Count)
        {
            ThrowUnknown(values.Keys, "texts", _schema.TextAt);
        }
    }

    private void SparseVectors(IReadOnlyDictionary<string, SparseVector> values, ref BodyWriter writer)
    {
        int known = 0;
        for (int position = 0; position < _sparseFields.Length; position++)
        {
            if (values.TryGetValue(_schema.SparseVectors[position].Name, out SparseVector? given))
            {
                known++;
                SparseVector vector = given.Normal(_sparseFields[position]);
                writer.SparseVector(position, vector.Dimensions.Span, vector.Weights.Span);
            }
            else if (_schema.SparseVectors[position].IsRequired)
            {
                throw BodyErrors.Required(_sparseFields[position]);
            }
        }

        if (known != values.Count)
        {
            throw BodyErrors.UnknownSparse(Shortened(values.Keys.First(name => _schema.SparseAt(name) < 0)));
        }
    }

    private void PatchAttributes(IReadOnlyDictionary<string, AttributeValue> values, ref BodyWriter writer)
    {
        int known = 0;
        for (int position = 0; position < _attributeFields.Length; position++)
        {
            AttributeSchema attribute = _schema.Attributes[position];
            if (!values.TryGetValue(attribute.Name, out AttributeValue value))
            {
                continue;
            }

            known++;
            if (!value.IsNull)
            {
                CheckType(attribute, value, _attributeFields[position]);
                writer.Attribute(position, value, _attributeFields[position]);
            }
            else if (attribute.IsRequired)
            {
                throw BodyErrors.Required(_attributeFields[position]);
            }
            else
            {
                writer.RemoveAttribute(position);
            }
        }

        if (known != values.Count)
        {
            ThrowUnknown(values.Keys, "attributes", _schema.AttributeAt);
        }
    }

    private void PatchTexts(IReadOnlyDictionary<string, string?> values, ref BodyWriter writer)
    {
        int known = 0;
        for (int position = 0; position < _textFields.Length; position++)
        {
            if (!values.TryGetValue(_schema.Texts[position].Name, out string? text))
            {
                continue;
            }

            known++;
            if (text is not null)
            {
                writer.Text(position, text, _textFields[position]);
            }
            else if (_schema.Texts[position].IsRequired)
            {
                throw BodyErrors.Required(_textFields[position]);
            }
            else
            {
                writer.RemoveText(position);
            }
        }

        if (known != values.Count)
        {
            ThrowUnknown(values.Keys, "texts", _schema.TextAt);
        }
    }

    private static void CheckType(AttributeSchema attribute, in AttributeValue value, string field)
    {
        if (value.Type != attribute.Type || value.IsArray != attribute.IsArray)
        {
            throw BodyErrors.WrongType(field, attribute, value);
        }
    }

    private static void ThrowUnknown(IEnumerable<string> names, string field, Func<string, int> positionOf)
    {
        foreach (string name in names)
        {
            if (positionOf(name) < 0)
            {
                throw BodyErrors.Unknown($"{field}.{Shortened(name)}");
            }
        }
    }

    private static string Shortened(string name) =>
        name.Length <= CollectionSchema.MaxNameBytes ? name : name[..CollectionSchema.MaxNameBytes] + "...";
}
