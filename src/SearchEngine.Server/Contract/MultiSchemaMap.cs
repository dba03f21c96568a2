using SearchEngine.Collections.Schema;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Contract;

/// <summary>Declarations of multi vectors, both ways. They have no graph, no prefixes and are not made from texts.</summary>
internal static class MultiSchemaMap
{
    /// <param name="isFirst">The first vector is required unless it says otherwise.</param>
    public static MultiSchema Read(Wire.VectorSchema declared, bool isFirst, string path)
    {
        string name = declared.Name.Length == 0 ? VectorSchema.DefaultName : declared.Name;
        Names.Check(name, Names.MaxPartBytes, $"{path}.name");
        if (declared.Dimension == 0)
        {
            throw Refusal.Required($"{path}.dimension", "State how many elements the rows have.");
        }
        if (declared.Dimension > MultiSchema.MaxDimension)
        {
            throw Refusal.Limit($"{path}.dimension", declared.Dimension, MultiSchema.MaxDimension, "elements", "Use an encoder with fewer dimensions.");
        }
        RefuseWalk(declared, path);
        FieldNotServed.When(declared.SourceTextField.Length > 0, $"{path}.source_text_field");
        FieldNotServed.When(
            declared.StoredType is not (Wire.ElementType.Unspecified or Wire.ElementType.Float16 or Wire.ElementType.Int8), $"{path}.stored_type");
        return new MultiSchema
        {
            Name = name,
            Dimension = (int)declared.Dimension,
            Metric = declared.Metric switch
            {
                Wire.Metric.Unspecified or Wire.Metric.Cosine => VectorMetric.Cosine,
                Wire.Metric.Dot => VectorMetric.Dot,
                _ => throw Refusal.Invalid(
                    $"{path}.metric", "Late interaction compares rows by cosine or dot product.", "Use COSINE or DOT.", declared.Metric.ToString()),
            },
            StoredType = declared.StoredType == Wire.ElementType.Int8 ? StoredType.Int8 : StoredType.Float16,
            Space = declared.Space is { KindCase: not Wire.SpaceBinding.KindOneofCase.None } or { Canaries.Count: > 0 }
                ? SpaceCodec.Encode(SpaceBindingCheck.Complete(declared.Space, (int)declared.Dimension, $"{path}.space"))
                : null,
            IsRequired = declared.Presence == 0 ? isFirst : declared.Presence == Wire.Presence.Required,
        };
    }

    public static Wire.VectorSchema Write(MultiSchema multi) => new()
    {
        Name = multi.Name,
        Kind = Wire.VectorKind.Multi,
        Dimension = (uint)multi.Dimension,
        Metric = multi.Metric == VectorMetric.Dot ? Wire.Metric.Dot : Wire.Metric.Cosine,
        StoredType = multi.StoredType == StoredType.Int8 ? Wire.ElementType.Int8 : Wire.ElementType.Float16,
        Presence = multi.IsRequired ? Wire.Presence.Required : Wire.Presence.Optional,
        Space = BoundSpace.Of(multi)?.Binding,
    };

    private static void RefuseWalk(Wire.VectorSchema declared, string path)
    {
        string? wrong = declared.Graph is not null ? "graph" : declared.WalkCode != 0 ? "walk_code"
            : declared.AllowedDimensions.Count > 0 ? "allowed_dimensions" : declared.SourceTruncation != 0 ? "source_truncation"
            : declared.Space?.Canaries.Count > 0 ? "space.canaries" : null;
        if (wrong is not null)
        {
            throw Refusal.Invalid($"{path}.{wrong}", "A multi vector has no graph, no prefixes, no source text and no canaries.", "Leave it unset.");
        }
    }
}
