using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Multi;

/// <summary>Checks the multi vectors of a document and brings them into their stored form, on the thread of the caller.</summary>
internal static class MultiIntake
{
    /// <returns>By position in the schema; empty where the document has none.</returns>
    /// <exception cref="CollectionException">What <see cref="MultiCheck"/> refuses; FieldRequired, VectorUnknown, LimitExceeded.</exception>
    public static ReadOnlyMemory<byte>[] Encode(Document document, CollectionSchema schema)
    {
        var stored = new ReadOnlyMemory<byte>[schema.MultiVectors.Count];
        int known = 0, bytes = 0;
        for (int m = 0; m < stored.Length; m++)
        {
            MultiSchema declared = schema.MultiVectors[m];
            string field = "vectors." + declared.Name;
            if (document.MultiVectors.TryGetValue(declared.Name, out MultiVector? vector))
            {
                known++;
                MultiCheck.Document(declared, vector, field);
                var layout = new MultiLayout(declared);
                bytes += vector.Rows * layout.RowBytes;
                if (bytes > MultiSchema.MaxDocumentBytes)
                {
                    throw new CollectionException(
                        CollectionError.LimitExceeded, field,
                        $"The multi vectors of document {document.Id} take more than {MultiSchema.MaxDocumentBytes} bytes together.",
                        "Send fewer rows.");
                }
                stored[m] = layout.Encode(vector);
            }
            else if (declared.IsRequired)
            {
                throw new CollectionException(
                    CollectionError.FieldRequired, field,
                    $"Document {document.Id} has no multi vector \"{declared.Name}\", which is required.",
                    "Send it, or make it optional in the schema.");
            }
        }
        if (known < document.MultiVectors.Count)
        {
            string unknown = document.MultiVectors.Keys.First(name => schema.MultiAt(name) < 0);
            throw new CollectionException(
                CollectionError.VectorUnknown, "vectors." + unknown, $"The collection has no multi vector \"{unknown}\".",
                "Use the names of the schema.");
        }
        return stored;
    }
}
