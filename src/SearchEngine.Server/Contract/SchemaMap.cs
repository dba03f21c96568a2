using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>What a collection is made of, both ways. Settings, which can change, are apart.</summary>
internal static class SchemaMap
{
    public static CollectionSchema Read(Wire.CollectionConfig config, string path)
    {
        Count(config.Vectors.Count, CollectionSchema.MaxVectors, $"{path}.vectors");
        Count(config.Attributes.Count, CollectionSchema.MaxAttributes, $"{path}.attributes");
        Count(config.Texts.Count, CollectionSchema.MaxTexts, $"{path}.texts");
        if (config.Vectors.Count == 0 && config.Texts.Count == 0)
        {
            throw Refusal.Required($"{path}.vectors", "Declare at least one vector or text field.");
        }
        var schema = new CollectionSchema
        {
            Vectors = [.. config.Vectors.Select((v, i) => VectorSchemaMap.Read(v, i == 0, $"{path}.vectors[{i}]"))],
            Attributes = [.. config.Attributes.Select((a, i) => AttributeSchemaMap.Read(a, $"{path}.attributes[{i}]"))],
            Texts = [.. config.Texts.Select((t, i) => TextSchemaMap.Read(t, $"{path}.texts[{i}]"))],
        };
        for (int i = 0; i < schema.Vectors.Count; i++)
        {
            if (schema.Vectors[i].Source is { } source && schema.TextAt(source.Field) < 0)
            {
                throw Names.UnknownText(source.Field, schema, $"{path}.vectors[{i}].source_text_field");
            }
        }
        return schema;
    }

    /// <summary>With all defaults filled in.</summary>
    public static Wire.CollectionConfig Write(CollectionSchema schema, Wire.CollectionSettings settings)
    {
        var config = new Wire.CollectionConfig { Settings = settings };
        config.Vectors.Add(schema.Vectors.Select(VectorSchemaMap.Write));
        config.Attributes.Add(schema.Attributes.Select(AttributeSchemaMap.Write));
        config.Texts.Add(schema.Texts.Select(TextSchemaMap.Write));
        return config;
    }

    private static void Count(int count, int most, string path)
    {
        if (count > most)
        {
            throw Refusal.Limit(path, count, most, "entries", "Declare fewer.");
        }
    }
}
