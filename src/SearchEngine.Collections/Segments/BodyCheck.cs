using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Segments;

/// <summary>Refuses a body that columns and postings could not take in, before anything of its document is stored.</summary>
internal static class BodyCheck
{
    public static void SparseVectors(ReadOnlySpan<byte> body, CollectionSchema schema)
    {
        foreach (BodySparseVector vector in DocumentBody.SparseVectors(body))
        {
            if (vector.Position >= schema.SparseVectors.Count)
            {
                throw new CollectionException(
                    CollectionError.VectorUnknown, "",
                    $"The body has sparse vector {vector.Position}, its schema {schema.SparseVectors.Count}.",
                    "Write the body with the schema of the collection.");
            }
        }
    }

    public static void Attributes(ReadOnlySpan<byte> body, CollectionSchema schema)
    {
        foreach (BodyAttribute attribute in DocumentBody.Attributes(body))
        {
            if (attribute.Position >= schema.Attributes.Count)
            {
                throw new CollectionException(
                    CollectionError.AttributeUnknown, "",
                    $"The body has attribute {attribute.Position}, its schema {schema.Attributes.Count}.",
                    "Extend the live documents to the schema that the body was written with.");
            }
            AttributeSchema declared = schema.Attributes[attribute.Position];
            if (attribute.Type != declared.Type || attribute.IsArray != declared.IsArray)
            {
                throw new CollectionException(
                    CollectionError.AttributeType, $"attributes.{declared.Name}",
                    $"The body has a value of type {attribute.Type}, the schema says {declared.Type}.",
                    "Write the body with the schema of the collection.");
            }
            foreach (BodyItem _ in attribute.Items)
            {
                // Reading each is the check.
            }
        }
    }
}
