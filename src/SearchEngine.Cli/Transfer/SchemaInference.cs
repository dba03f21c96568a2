using System.Text.Json;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Transfer;

/// <summary>The schema that a sample of records asks for. It is shown before it is used, since nobody declared it.</summary>
internal static class SchemaInference
{
    /// <summary>Records to look at.</summary>
    public const int Sample = 1_000;

    private const string SourceField = "text";

    /// <param name="records">The sample.</param>
    /// <param name="encoder">The encoder of texts, or null where the records bring their vectors.</param>
    /// <exception cref="InputException">Records contradict each other, or there is nothing to search by.</exception>
    public static Wire.CollectionConfig Of(IReadOnlyCollection<Record> records, Wire.ModelDescription? encoder)
    {
        var config = new Wire.CollectionConfig();
        config.Vectors.Add(Vectors(records));
        if (config.Vectors.Count == 0)
        {
            config.Vectors.Add(Encoded(records, encoder));
        }
        config.Texts.Add(records.SelectMany(record => record.Texts.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => new Wire.TextSchema { Name = name, Index = Wire.TextIndex.Bm25 }));
        foreach (var values in records.SelectMany(record => record.Attributes).Where(pair => pair.Value.ValueKind != JsonValueKind.Null)
            .GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            config.Attributes.Add(Attribute(values.Key, [.. values]));
        }
        return config;
    }

    private static IEnumerable<Wire.VectorSchema> Vectors(IReadOnlyCollection<Record> records)
    {
        foreach (var vectors in records.SelectMany(record => record.Vectors).GroupBy(pair => pair.Key, pair => pair.Value.Length, StringComparer.Ordinal))
        {
            int[] dimensions = [.. vectors.Distinct()];
            if (dimensions.Length > 1)
            {
                throw new InputException($"The vectors have {dimensions[0]} and {dimensions[1]} elements; all vectors of one name have the same number.");
            }
            yield return new Wire.VectorSchema { Name = vectors.Key, Dimension = (uint)dimensions[0], Metric = Wire.Metric.Cosine };
        }
    }

    private static Wire.VectorSchema Encoded(IReadOnlyCollection<Record> records, Wire.ModelDescription? encoder)
    {
        if (!records.Any(record => record.Texts.ContainsKey(SourceField)))
        {
            throw new InputException("The file has neither vectors nor \"text\": there is nothing to search by.");
        }
        return encoder is null
            ? throw new InputException("The file has texts and no vectors, and no encoder was reached: name one with --encoder host:port (`searchengine encode` starts one).")
            : new Wire.VectorSchema
            {
                Dimension = encoder.Encoder.Dimension,
                Metric = Wire.Metric.Cosine,
                Space = new Wire.SpaceBinding { Model = encoder.Model },
                SourceTextField = SourceField,
                // A long text is searched by its beginning, and the upload says how many were cut.
                SourceTruncation = Wire.Truncation.Head,
            };
    }

    private static Wire.AttributeSchema Attribute(string name, JsonElement[] values)
    {
        bool isArray = Array.Exists(values, value => value.ValueKind == JsonValueKind.Array);
        JsonElement[] elements = [.. values.SelectMany(value => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])];
        return new Wire.AttributeSchema
        {
            Name = name,
            Type = Type(name, elements),
            Multiplicity = isArray ? Wire.Multiplicity.Array : Wire.Multiplicity.Single,
        };
    }

    private static Wire.AttributeType Type(string name, JsonElement[] values)
    {
        if (values.Length == 0) return Wire.AttributeType.Keyword;
        if (Array.TrueForAll(values, value => value.ValueKind is JsonValueKind.True or JsonValueKind.False)) return Wire.AttributeType.Bool;
        if (Array.TrueForAll(values, value => value.ValueKind == JsonValueKind.Number))
        {
            return Array.TrueForAll(values, value => value.TryGetInt64(out _)) ? Wire.AttributeType.Integer : Wire.AttributeType.Float;
        }
        if (Array.TrueForAll(values, AttributeValues.IsPlace)) return Wire.AttributeType.GeoPoint;
        if (Array.Exists(values, value => value.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
        {
            throw new InputException($"Attribute \"{name}\" holds objects or arrays of arrays; an attribute is a value or a list of values. Flatten it, or leave it out.");
        }
        return Array.TrueForAll(values, value => value.ValueKind == JsonValueKind.String && AttributeValues.IsInstant(value.GetString()!))
            ? Wire.AttributeType.Timestamp
            : Wire.AttributeType.Keyword;
    }
}
