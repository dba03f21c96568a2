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
            Vectors = [.. OfKind(config, Wire.VectorKind.Dense).Select(v => VectorSchemaMap.Read(v.Declared, v.At == 0, $"{path}.vectors[{v.At}]"))],
            SparseVectors = [.. OfKind(config, Wire.VectorKind.Sparse).Select(v => SparseSchemaMap.Read(v.Declared, v.At == 0, $"{path}.vectors[{v.At}]"))],
            MultiVectors = [.. OfKind(config, Wire.VectorKind.Multi).Select(v => MultiSchemaMap.Read(v.Declared, v.At == 0, $"{path}.vectors[{v.At}]"))],
            Attributes = [.. config.Attributes.Select((a, i) => AttributeSchemaMap.Read(a, $"{path}.attributes[{i}]"))],
            Texts = [.. config.Texts.Select((t, i) => TextSchemaMap.Read(t, $"{path}.texts[{i}]"))],
        };
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < config.Vectors.Count; i++)
        {
            Wire.VectorSchema declared = config.Vectors[i];
            if (declared.SourceTextField.Length > 0 && schema.TextAt(declared.SourceTextField) < 0)
            {
                throw Names.UnknownText(declared.SourceTextField, schema, $"{path}.vectors[{i}].source_text_field");
            }
            string name = declared.Name.Length == 0 ? VectorSchema.DefaultName : declared.Name;
            if (!names.Add(name))
            {
                throw Refusal.Invalid($"{path}.vectors[{i}].name", $"Two vectors are named \"{name}\".", "Name them differently.", name);
            }
        }
        return schema;
    }

    /// <summary>With all defaults filled in.</summary>
    public static Wire.CollectionConfig Write(CollectionSchema schema, Wire.CollectionSettings settings)
    {
        var config = new Wire.CollectionConfig { Settings = settings };
        config.Vectors.Add(schema.Vectors.Select(VectorSchemaMap.Write));
        config.Vectors.Add(schema.SparseVectors.Select(SparseSchemaMap.Write));
        config.Vectors.Add(schema.MultiVectors.Select(MultiSchemaMap.Write));
        config.Attributes.Add(schema.Attributes.Select(AttributeSchemaMap.Write));
        config.Texts.Add(schema.Texts.Select(TextSchemaMap.Write));
        return config;
    }

    // What is of no known kind is left to the reader of dense vectors, which refuses it.
    private static IEnumerable<(Wire.VectorSchema Declared, int At)> OfKind(Wire.CollectionConfig config, Wire.VectorKind kind) =>
        config.Vectors.Select(static (declared, at) => (declared, at))
            .Where(v => kind == (v.declared.Kind is Wire.VectorKind.Sparse or Wire.VectorKind.Multi ? v.declared.Kind : Wire.VectorKind.Dense));

    private static void Count(int count, int most, string path)
    {
        if (count > most)
        {
            throw Refusal.Limit(path, count, most, "entries", "Declare fewer.");
        }
    }
}
