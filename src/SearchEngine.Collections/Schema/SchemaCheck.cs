using System.Text;
using SearchEngine.Collections.Segments;

namespace SearchEngine.Collections.Schema;

/// <summary>Refuses schemas that could not be served, before anything is written.</summary>
internal static class SchemaCheck
{
    public static void Validate(CollectionSchema schema)
    {
        Limit(schema.Vectors.Count + schema.SparseVectors.Count + schema.MultiVectors.Count, CollectionSchema.MaxVectors, "vectors");
        Limit(schema.Attributes.Count, CollectionSchema.MaxAttributes, "attributes");
        Limit(schema.Texts.Count, CollectionSchema.MaxTexts, "texts");
        if (schema.Vectors.Count == 0 && schema.SparseVectors.Count == 0 && schema.MultiVectors.Count == 0 && schema.Texts.Count == 0)
        {
            throw new CollectionException(
                CollectionError.FieldRequired, "vectors",
                "The schema declares neither vectors nor text fields, so nothing could be searched.",
                "Declare at least one vector or text field.");
        }
        var vectorNames = new HashSet<string>();
        for (int i = 0; i < schema.Vectors.Count; i++)
        {
            Name(schema.Vectors[i].Name, vectorNames, $"vectors[{i}].name");
            Vector(schema.Vectors[i], $"vectors[{i}]");
            if (schema.Vectors[i].Source is { } source && schema.TextAt(source.Field) < 0)
            {
                throw new CollectionException(
                    CollectionError.AttributeUnknown, $"vectors[{i}].source_text_field",
                    $"Vector {schema.Vectors[i].Name} is made from \"{Shortened(source.Field)}\", "
                    + "and the schema has no such text field.", "Declare the text field, or name one that exists.");
            }
        }
        for (int i = 0; i < schema.SparseVectors.Count; i++)
        {
            Name(schema.SparseVectors[i].Name, vectorNames, $"sparse_vectors[{i}].name");
        }
        for (int i = 0; i < schema.MultiVectors.Count; i++)
        {
            Name(schema.MultiVectors[i].Name, vectorNames, $"multi_vectors[{i}].name");
            Multi(schema.MultiVectors[i], $"multi_vectors[{i}]");
        }
        var names = new HashSet<string>();
        for (int i = 0; i < schema.Attributes.Count; i++)
        {
            Attribute(schema.Attributes[i], names, $"attributes[{i}]");
        }
        for (int i = 0; i < schema.Texts.Count; i++)
        {
            Name(schema.Texts[i].Name, names, $"texts[{i}].name");
            Text(schema.Texts[i], $"texts[{i}]");
        }
    }

    /// <summary>Refuses an attribute that cannot be added to a collection that has documents.</summary>
    public static void ValidateAddition(CollectionSchema schema, AttributeSchema attribute)
    {
        if (attribute.IsRequired)
        {
            throw new CollectionException(
                CollectionError.SettingFixed, "attribute.presence",
                $"Attribute {attribute.Name} is to be required, but documents without it exist.",
                "Add it as optional.");
        }
        Validate(schema with { Attributes = [.. schema.Attributes, attribute] });
    }

    private static void Attribute(AttributeSchema attribute, HashSet<string> names, string field)
    {
        Name(attribute.Name, names, field + ".name");
        if (!Enum.IsDefined(attribute.Type))
        {
            throw new CollectionException(
                CollectionError.FieldRequired, field + ".type", $"Attribute {attribute.Name} has no known type.", "State its type.");
        }
        if (!Enum.IsDefined(attribute.Index))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field + ".index", $"Attribute {attribute.Name} has no known index.", "Use Auto.");
        }
    }

    private static void Vector(VectorSchema vector, string field)
    {
        Known(vector.Metric, field + ".metric", "Use Cosine, Dot or Euclidean.");
        Known(vector.StoredType, field + ".stored_type", "Use Float16, Float32 or Int8.");
        if (vector.WalkCode is { } code)
        {
            Known(code, field + ".walk_code", "Use Int8, Bit or BitThenInt8, or leave the choice to the segments.");
        }
        try
        {
            VectorSettings.Graph(vector, threads: 1).Validate(vector.Dimension);
        }
        catch (ArgumentException refused)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field, $"Vector {vector.Name}: {refused.Message}", "Change the vector's settings.", refused);
        }
    }

    private static void Multi(MultiSchema multi, string field)
    {
        if (multi.Dimension is < 1 or > MultiSchema.MaxDimension)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, field + ".dimension",
                $"Multi vector {multi.Name} has {multi.Dimension} dimensions, 1 to {MultiSchema.MaxDimension} are possible.",
                "Use an encoder with another dimension.");
        }
        if (multi.Metric is not (VectorMetric.Cosine or VectorMetric.Dot))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field + ".metric", $"Late interaction does not compare rows by {multi.Metric}.",
                "Use Cosine or Dot.");
        }
        if (multi.StoredType is not (StoredType.Float16 or StoredType.Int8))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field + ".stored_type", $"Rows of multi vectors are not stored as {multi.StoredType}.",
                "Use Float16 or Int8.");
        }
    }

    // Written so that NaN fails as well.
    private static void Text(TextSchema text, string field)
    {
        Known(text.Index, field + ".index", "Use None or Bm25.");
        if (!(text.Saturation is >= 0 and <= TextSchema.MaxSaturation))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field + ".saturation",
                $"The saturation is {text.Saturation}, 0 to {TextSchema.MaxSaturation} is possible.",
                $"Use {TextSchema.DefaultSaturation}.");
        }
        if (!(text.LengthWeight is >= 0 and <= 1))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field + ".length_weight", $"The length weight is {text.LengthWeight}, 0 to 1 is possible.",
                $"Use {TextSchema.DefaultLengthWeight}.");
        }
    }

    private static void Known<T>(T value, string field, string fix)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new CollectionException(CollectionError.FieldInvalid, field, $"There is no {typeof(T).Name} {value}.", fix);
        }
    }

    private static void Name(string name, HashSet<string> taken, string field)
    {
        if (string.IsNullOrEmpty(name) || Encoding.UTF8.GetByteCount(name) > CollectionSchema.MaxNameBytes || name.Any(char.IsControl)
            || name == "*")
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field,
                $"The name \"{Shortened(name)}\" is not one: names have 1 to {CollectionSchema.MaxNameBytes} bytes of UTF-8, "
                + "no control characters, and \"*\" means all.", "Choose another name.");
        }
        if (!taken.Add(name))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field,
                $"The name \"{name}\" is taken: names of attributes and text fields are distinct, and so are those of vectors.",
                "Choose another name.");
        }
    }

    private static void Limit(int count, int most, string field)
    {
        if (count > most)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, field, $"The schema declares {count} {field}, at most {most} are allowed.",
                "Declare fewer.");
        }
    }

    private static string Shortened(string name) => name.Length <= 32 ? name : name[..32] + "…";
}
