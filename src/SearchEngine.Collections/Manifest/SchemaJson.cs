using System.Text.Json;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Manifests;

/// <summary>A schema as bytes, for log records and backups.</summary>
internal static class SchemaJson
{
    public static byte[] Write(CollectionSchema schema) => JsonSerializer.SerializeToUtf8Bytes(schema, StoredJson.Default.CollectionSchema);

    public static CollectionSchema Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, StoredJson.Default.CollectionSchema) ?? throw ByteCursor.Malformed("a schema of null");
        }
        catch (JsonException error)
        {
            throw ByteCursor.Malformed($"a schema that cannot be read ({error.Message})");
        }
    }
}
