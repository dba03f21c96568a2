using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>Points of the contract as documents of the engine, both ways. Paths are relative to the point.</summary>
internal static class DocumentMap
{
    public static Document Read(Wire.Point point, CollectionSchema schema)
    {
        DocumentId id = IdMap.Read(point.Id, "id");
        return new Document
        {
            Id = id,
            Vectors = Vectors(point, schema),
            SparseVectors = SparseVectors(point, schema),
            MultiVectors = MultiVectors(point, schema),
            Attributes = Attributes(point.Attributes, schema, "attributes"),
            Texts = Texts(point, schema),
        };
    }

    /// <summary>Attributes by name; a null value stays one.</summary>
    public static Dictionary<string, AttributeValue> Attributes(IDictionary<string, Wire.Value> values, CollectionSchema schema, string path)
    {
        if (values.Count > CollectionSchema.MaxAttributes)
        {
            throw Refusal.Limit(path, values.Count, CollectionSchema.MaxAttributes, "attributes", "Send those of the schema.");
        }
        var attributes = new Dictionary<string, AttributeValue>(values.Count, StringComparer.Ordinal);
        foreach ((string name, Wire.Value value) in values)
        {
            string at = $"{path}.{Refusal.Shown(name)}";
            int position = schema.AttributeAt(name);
            if (position < 0)
            {
                throw Names.UnknownAttribute(name, schema, at);
            }
            AttributeSchema declared = schema.Attributes[position];
            AttributeValue read = ValueMap.Read(value, declared.Type, at);
            if (!read.IsNull && (read.Type != declared.Type || read.IsArray != declared.IsArray))
            {
                throw Refusal.Of(
                    Wire.ErrorReason.AttributeType, at, $"Attribute \"{name}\" is declared as {Describe(declared.Type, declared.IsArray)}, the value is {Describe(read.Type, read.IsArray)}.",
                    "Send a value of the declared type.", Describe(declared.Type, declared.IsArray), Describe(read.Type, read.IsArray));
            }
            attributes.Add(name, read);
        }
        return attributes;
    }

    public static Wire.Point Write(Document document, CollectionSchema schema, PointParts parts)
    {
        var point = new Wire.Point { Id = IdMap.Write(document.Id) };
        WriteParts(document, schema, parts, point);
        return point;
    }

    /// <summary>All but the id, as in a hit, which has its own.</summary>
    public static void WriteParts(Document document, CollectionSchema schema, PointParts parts, Wire.Point point)
    {
        if (parts.HasVersion)
        {
            point.Version = document.Version;
        }
        foreach ((string name, AttributeValue value) in document.Attributes)
        {
            if (!value.IsNull)
            {
                point.Attributes.Add(name, ValueMap.Write(value));
            }
        }
        foreach ((string name, string text) in document.Texts)
        {
            point.Texts.Add(name, text);
        }
        foreach ((string name, ReadOnlyMemory<float> values) in document.Vectors)
        {
            Wire.Vector vector = VectorMap.Write(values.Span, parts.VectorType);
            if (name == schema.Vectors[0].Name)
            {
                point.Vector = vector;
            }
            else
            {
                point.Vectors.Add(name, new Wire.AnyVector { Dense = vector });
            }
        }
        foreach ((string name, SparseVector vector) in document.SparseVectors)
        {
            point.Vectors.Add(name, new Wire.AnyVector { Sparse = SparseVectorMap.Write(vector) });
        }
        foreach ((string name, MultiVector rows) in document.MultiVectors)
        {
            point.Vectors.Add(name, new Wire.AnyVector { Multi = MultiVectorMap.Write(rows, parts.VectorType) });
        }
    }

    private static Dictionary<string, ReadOnlyMemory<float>> Vectors(Wire.Point point, CollectionSchema schema)
    {
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        if (point.Vector is { } first)
        {
            if (schema.Vectors.Count == 0)
            {
                throw Refusal.Of(Wire.ErrorReason.VectorUnknown, "vector", "The collection has no vectors.", "Send texts and attributes alone.");
            }
            vectors.Add(schema.Vectors[0].Name, VectorMap.Read(first, schema.Vectors[0], "vector"));
        }
        if (point.Vectors.Count > CollectionSchema.MaxVectors)
        {
            throw Refusal.Limit("vectors", point.Vectors.Count, CollectionSchema.MaxVectors, "vectors", "Send those of the schema.");
        }
        foreach ((string name, Wire.AnyVector any) in point.Vectors)
        {
            string at = $"vectors.{Refusal.Shown(name)}";
            int position = schema.VectorAt(name);
            if (position < 0)
            {
                if (schema.VectorNamed(name) is not null)
                {
                    continue;
                }
                throw Names.UnknownVector(name, schema, at);
            }
            if (any.KindCase != Wire.AnyVector.KindOneofCase.Dense)
            {
                throw any.KindCase == Wire.AnyVector.KindOneofCase.None
                    ? Refusal.Required(at, "Set a dense vector.")
                    : Refusal.Of(
                        Wire.ErrorReason.VectorUnknown, at, $"Vector \"{name}\" of the collection is a dense one.", "Send a dense vector.", "dense",
                        any.KindCase.ToString());
            }
            if (!vectors.TryAdd(name, VectorMap.Read(any.Dense, schema.Vectors[position], $"{at}.dense")))
            {
                throw Refusal.Invalid(at, "The first vector is given twice: in vector and in vectors.", "Send it once.");
            }
        }
        return vectors;
    }

    private static Dictionary<string, SparseVector> SparseVectors(Wire.Point point, CollectionSchema schema) => Declared(
        point, schema.SparseVectors, Wire.AnyVector.KindOneofCase.Sparse, "sparse", "a sparse vector", "a sparse one",
        static (any, at) => SparseVectorMap.Read(any.Sparse, at));

    private static Dictionary<string, MultiVector> MultiVectors(Wire.Point point, CollectionSchema schema) => Declared(
        point, schema.MultiVectors, Wire.AnyVector.KindOneofCase.Multi, "multi", "a multi vector", "a multi vector",
        static (any, at) => MultiVectorMap.Read(any.Multi, at));

    private static Dictionary<string, T> Declared<T>(
        Wire.Point point, IEnumerable<IVectorField> declared, Wire.AnyVector.KindOneofCase kind, string form, string wanted, string described,
        Func<Wire.AnyVector, string, T> read)
    {
        var vectors = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (IVectorField field in declared)
        {
            if (point.Vectors.TryGetValue(field.Name, out Wire.AnyVector? any))
            {
                string at = $"vectors.{field.Name}";
                if (any.KindCase != kind)
                {
                    throw any.KindCase == Wire.AnyVector.KindOneofCase.None
                        ? Refusal.Required(at, $"Set {wanted}.")
                        : Refusal.Of(
                            Wire.ErrorReason.VectorUnknown, at, $"Vector \"{field.Name}\" of the collection is {described}.", $"Send {wanted}.", form,
                            any.KindCase.ToString());
                }
                vectors.Add(field.Name, read(any, $"{at}.{form}"));
            }
        }
        return vectors;
    }

    private static Dictionary<string, string> Texts(Wire.Point point, CollectionSchema schema)
    {
        if (point.Texts.Count > schema.Texts.Count && point.Texts.Count > CollectionSchema.MaxTexts)
        {
            throw Refusal.Limit("texts", point.Texts.Count, CollectionSchema.MaxTexts, "texts", "Send those of the schema.");
        }
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string text) in point.Texts)
        {
            string at = $"texts.{Refusal.Shown(name)}";
            if (schema.TextAt(name) < 0)
            {
                throw Names.UnknownText(name, schema, at);
            }
            TextCheck.Characters(text, at);
            texts.Add(name, text);
        }
        return texts;
    }

    private static string Describe(AttributeType type, bool isArray) => isArray ? $"an array of {type}" : type.ToString();
}
