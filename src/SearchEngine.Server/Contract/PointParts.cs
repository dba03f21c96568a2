using Google.Protobuf.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>Which parts of points a reply carries, and how.</summary>
/// <param name="Parts">What is read.</param>
/// <param name="VectorType">How vectors are written.</param>
/// <param name="HasVersion">Whether versions are written.</param>
internal sealed record PointParts(DocumentParts Parts, Wire.ElementType VectorType, bool HasVersion)
{
    private const string All = "*";
    private const int MaxAttributes = 256;
    private const int MaxTexts = 64;
    private const int MaxVectors = 64;
    private const int MaxDetails = 16;

    /// <summary>Attributes and texts: what Get and Scroll return when nothing is said.</summary>
    public static PointParts Content { get; } = new(DocumentParts.Content, Wire.ElementType.Float32, HasVersion: false);

    /// <summary>Nothing but ids: what searches return when nothing is said.</summary>
    public static PointParts Ids { get; } = new(DocumentParts.None, Wire.ElementType.Float32, HasVersion: false);

    /// <param name="fields">Null takes <paramref name="unset"/>; set, it names all that is wanted.</param>
    /// <param name="schema">Refuses names it does not have.</param>
    /// <param name="unset">What an unset message means.</param>
    /// <param name="path">Of the message within the request.</param>
    public static PointParts Read(Wire.ReturnFields? fields, CollectionSchema schema, PointParts unset, string path)
    {
        // Apart: what names are looked up in would be made for every search, also for those that name none.
        return fields is null ? unset : Read(fields, schema, path);
    }

    private static PointParts Read(Wire.ReturnFields fields, CollectionSchema schema, string path)
    {
        if (fields.VectorElementType is not (Wire.ElementType.Unspecified or Wire.ElementType.Float32 or Wire.ElementType.Float16))
        {
            throw Refusal.NotServed($"{path}.vector_element_type", "Ask for FLOAT32 or FLOAT16.");
        }
        if (fields.Details.Count > MaxDetails)
        {
            throw Refusal.Limit($"{path}.details", fields.Details.Count, MaxDetails, "values", "Name each detail once.");
        }
        return new PointParts(
            new DocumentParts
            {
                Attributes = Chosen(
                    fields.Attributes, MaxAttributes, $"{path}.attributes",
                    (name, at) => schema.AttributeAt(name) >= 0 ? null : Names.UnknownAttribute(name, schema, at)),
                Texts = Chosen(
                    fields.Texts, MaxTexts, $"{path}.texts", (name, at) => schema.TextAt(name) >= 0 ? null : Names.UnknownText(name, schema, at)),
                Vectors = Chosen(
                    fields.Vectors, MaxVectors, $"{path}.vectors",
                    (name, at) => schema.VectorNamed(name) is not null ? null : Names.UnknownVector(name, schema, at)),
            },
            fields.VectorElementType == 0 ? Wire.ElementType.Float32 : fields.VectorElementType,
            fields.Details.Contains(Wire.Detail.Version));
    }

    /// <summary>Null where all are chosen, as the engine has it.</summary>
    private static string[]? Chosen(RepeatedField<string> names, int most, string path, Func<string, string, Rpc.RpcException?> unknown)
    {
        if (names.Count > most)
        {
            throw Refusal.Limit(path, names.Count, most, "names", "Use \"*\" for all.");
        }
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] != All && unknown(names[i], $"{path}[{i}]") is { } refusal)
            {
                throw refusal;
            }
        }
        return names.Contains(All) ? null : [.. names.Distinct(StringComparer.Ordinal)];
    }
}
