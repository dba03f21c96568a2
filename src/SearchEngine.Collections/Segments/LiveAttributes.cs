using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Segments;

/// <summary>Takes the attributes of live documents out of their bodies and into columns. Writer only, but for the columns' readers.</summary>
internal sealed class LiveAttributes(CollectionSchema schema)
{
    private AttributeValue[] _values = new AttributeValue[schema.Attributes.Count];

    public LiveColumns Columns { get; } = new(schema);

    /// <summary>Reads the attributes of the next document; one that cannot be read changes nothing.</summary>
    public void Read(ReadOnlySpan<byte> body)
    {
        if (_values.Length == 0)
        {
            return;
        }
        Array.Clear(_values);
        foreach (BodyAttribute attribute in DocumentBody.Attributes(body))
        {
            if (attribute.Position >= _values.Length)
            {
                throw new CollectionException(
                    CollectionError.AttributeUnknown, "", $"The document has attribute {attribute.Position}, its schema {_values.Length}.",
                    "Extend the live documents to the schema that the document was encoded with.");
            }
            _values[attribute.Position] = attribute.Value();
        }
    }

    /// <summary>Puts what was read into the columns.</summary>
    public void Append(uint ordinal) => Columns.Append(ordinal, _values);

    public void Extend(CollectionSchema schema)
    {
        Columns.Extend(schema);
        _values = new AttributeValue[schema.Attributes.Count];
    }
}
