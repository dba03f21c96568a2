using SearchEngine.Collections.Schema;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Contract;

/// <summary>Declarations of sparse vectors, both ways. They have no dimension, no graph and no prefixes, and are not made from texts.</summary>
internal static class SparseSchemaMap
{
    /// <param name="isFirst">The first vector is required unless it says otherwise.</param>
    public static SparseSchema Read(Wire.VectorSchema declared, bool isFirst, string path)
    {
        string name = declared.Name.Length == 0 ? VectorSchema.DefaultName : declared.Name;
        Names.Check(name, Names.MaxPartBytes, $"{path}.name");
        RefuseDense(declared, path);
        FieldNotServed.When(declared.SourceTextField.Length > 0, $"{path}.source_text_field");
        return new SparseSchema
        {
            Name = name,
            // What an encoder says of dense vectors is not about these.
            Space = declared.Space is { KindCase: not Wire.SpaceBinding.KindOneofCase.None }
                ? SpaceCodec.Encode(SpaceBindingCheck.Complete(declared.Space, (int)(declared.Space.Encoder?.Dimension ?? 0), $"{path}.space"))
                : null,
            IsRequired = declared.Presence == 0 ? isFirst : declared.Presence == Wire.Presence.Required,
        };
    }

    public static Wire.VectorSchema Write(SparseSchema sparse) => new()
    {
        Name = sparse.Name,
        Kind = Wire.VectorKind.Sparse,
        Metric = Wire.Metric.Dot,
        Presence = sparse.IsRequired ? Wire.Presence.Required : Wire.Presence.Optional,
        Space = BoundSpace.Of(sparse)?.Binding,
    };

    private static void RefuseDense(Wire.VectorSchema declared, string path)
    {
        if (declared.Metric is not (Wire.Metric.Unspecified or Wire.Metric.Dot))
        {
            throw Refusal.Invalid($"{path}.metric", "Sparse vectors are compared by dot product.", "Use DOT, or leave it unset.", declared.Metric.ToString());
        }
        string? wrong = declared.Dimension != 0 ? "dimension" : declared.StoredType != 0 ? "stored_type" : declared.Graph is not null ? "graph"
            : declared.WalkCode != 0 ? "walk_code" : declared.AllowedDimensions.Count > 0 ? "allowed_dimensions"
            : declared.SourceTruncation != 0 ? "source_truncation" : declared.Space?.Canaries.Count > 0 ? "space.canaries" : null;
        if (wrong is not null)
        {
            throw Refusal.Invalid(
                $"{path}.{wrong}", "A sparse vector has no dimension, stored type, graph, prefixes, source text or canaries.", "Leave it unset.");
        }
    }
}
