using SearchEngine.Collections.Schema;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Contract;

/// <summary>Declarations of vectors, both ways.</summary>
internal static class VectorSchemaMap
{
    private const int MaxPrefixes = 16;

    /// <summary>The engine scores prefixes of whole groups of coordinates.</summary>
    private const int PrefixStep = 32;

    private const int LeastLinks = 4;
    private const int MostLinks = 64;
    private const int DefaultLinks = 16;
    private const int MostBuildBreadth = 2_000;
    private const int DefaultBuildBreadth = 200;

    /// <param name="isFirst">The first vector is required unless it says otherwise.</param>
    public static VectorSchema Read(Wire.VectorSchema declared, bool isFirst, string path)
    {
        string name = declared.Name.Length == 0 ? VectorSchema.DefaultName : declared.Name;
        Names.Check(name, Names.MaxPartBytes, $"{path}.name");
        FieldNotServed.When(declared.Kind is not (Wire.VectorKind.Unspecified or Wire.VectorKind.Dense), $"{path}.kind");
        if (declared.Dimension == 0)
        {
            throw Refusal.Required($"{path}.dimension", "State how many elements the vectors have.");
        }
        if (declared.Dimension > VectorMap.MaxDimension)
        {
            throw Refusal.Limit($"{path}.dimension", declared.Dimension, VectorMap.MaxDimension, "elements", "Use an encoder with fewer dimensions.");
        }
        (int links, int breadth, ulong seed) = Graph(declared.Graph, $"{path}.graph");
        return new VectorSchema
        {
            Name = name,
            Dimension = (int)declared.Dimension,
            Metric = Metric(declared.Metric, path),
            StoredType = Stored(declared.StoredType, path),
            PrefixDimensions = Prefixes(declared, path),
            Space = declared.Space is { KindCase: not Wire.SpaceBinding.KindOneofCase.None } or { Canaries.Count: > 0 }
                ? SpaceCodec.Encode(SpaceBindingCheck.Complete(declared.Space, (int)declared.Dimension, $"{path}.space"))
                : null,
            Source = Source(declared, path),
            IsRequired = declared.Presence == 0 ? isFirst : declared.Presence == Wire.Presence.Required,
            MaxLinks = links,
            BuildBreadth = breadth,
            Seed = seed,
            WalkCode = Code(declared.WalkCode, path),
        };
    }

    public static Wire.VectorSchema Write(VectorSchema vector)
    {
        var declared = new Wire.VectorSchema
        {
            Name = vector.Name,
            Kind = Wire.VectorKind.Dense,
            Dimension = (uint)vector.Dimension,
            Metric = vector.Metric switch
            {
                VectorMetric.Cosine => Wire.Metric.Cosine,
                VectorMetric.Dot => Wire.Metric.Dot,
                _ => Wire.Metric.Euclidean,
            },
            StoredType = vector.StoredType == StoredType.Int8 ? Wire.ElementType.Int8 : Wire.ElementType.Float16,
            Presence = vector.IsRequired ? Wire.Presence.Required : Wire.Presence.Optional,
            Graph = new Wire.GraphOptions { MaxLinks = (uint)vector.MaxLinks, BuildBreadth = (uint)vector.BuildBreadth, Seed = vector.Seed },
            WalkCode = vector.WalkCode switch
            {
                WalkCode.Int8 => Wire.WalkCode.Int8,
                WalkCode.Bit => Wire.WalkCode.Bit,
                WalkCode.BitThenInt8 => Wire.WalkCode.BitThenInt8,
                _ => Wire.WalkCode.Auto,
            },
            Space = BoundSpace.Of(vector)?.Binding,
            SourceTextField = vector.Source?.Field ?? "",
            SourceTruncation = (Wire.Truncation)(vector.Source?.Truncation ?? 0),
        };
        declared.AllowedDimensions.Add(vector.PrefixDimensions.Select(static d => (uint)d));
        return declared;
    }

    private static TextSource? Source(Wire.VectorSchema declared, string path)
    {
        Wire.Truncation truncation = TextCheck.Truncation(declared.SourceTruncation, $"{path}.source_truncation");
        if (declared.SourceTextField.Length == 0)
        {
            return declared.SourceTruncation == 0
                ? null
                : throw Refusal.Invalid($"{path}.source_truncation", "Nothing is encoded: the vector has no source text field.", "Name source_text_field, or leave it unset.");
        }
        Names.Check(declared.SourceTextField, Names.MaxPartBytes, $"{path}.source_text_field");
        // Without a descriptor nobody could tell whether an encoder is the right one.
        return declared.Space?.Encoder is not null
            ? new TextSource(declared.SourceTextField, (int)truncation)
            : throw Refusal.Of(
                Wire.ErrorReason.EncoderNone, $"{path}.source_text_field", "Texts can be encoded only for a vector that is bound to a described encoder.",
                "Bind it: space.model names a connected model, space.encoder describes one.");
    }

    private static (int Links, int Breadth, ulong Seed) Graph(Wire.GraphOptions? graph, string path)
    {
        uint links = graph is { MaxLinks: > 0 } ? graph.MaxLinks : DefaultLinks;
        if (links is < LeastLinks or > MostLinks)
        {
            throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, $"{path}.max_links", $"{links} links: {LeastLinks} to {MostLinks} are possible.", "Use 16.",
                actual: Refusal.Number(links), limit: $"{LeastLinks} to {MostLinks} links");
        }
        uint breadth = graph is { BuildBreadth: > 0 } ? graph.BuildBreadth : Math.Max(links, DefaultBuildBreadth);
        if (breadth < links || breadth > MostBuildBreadth)
        {
            throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, $"{path}.build_breadth", $"A build breadth of {breadth}: {links} (max_links) to {MostBuildBreadth} are possible.", "Use 200.",
                actual: Refusal.Number(breadth), limit: $"{links} to {MostBuildBreadth} candidates");
        }
        return ((int)links, (int)breadth, graph?.Seed ?? 0);
    }

    private static VectorMetric Metric(Wire.Metric metric, string path) => metric switch
    {
        Wire.Metric.Unspecified or Wire.Metric.Cosine => VectorMetric.Cosine,
        Wire.Metric.Dot => VectorMetric.Dot,
        Wire.Metric.Euclidean => VectorMetric.Euclidean,
        _ => throw Refusal.Invalid($"{path}.metric", "There is no such metric.", "Use a value of Metric.", Refusal.Number((int)metric)),
    };

    private static StoredType Stored(Wire.ElementType stored, string path)
    {
        FieldNotServed.When(
            stored is not (Wire.ElementType.Unspecified or Wire.ElementType.Float16 or Wire.ElementType.Int8), $"{path}.stored_type");
        return stored == Wire.ElementType.Int8 ? StoredType.Int8 : StoredType.Float16;
    }

    private static WalkCode? Code(Wire.WalkCode code, string path)
    {
        FieldNotServed.When(code is not (>= Wire.WalkCode.Unspecified and <= Wire.WalkCode.BitThenInt8), $"{path}.walk_code");
        return code switch
        {
            Wire.WalkCode.Int8 => WalkCode.Int8,
            Wire.WalkCode.Bit => WalkCode.Bit,
            Wire.WalkCode.BitThenInt8 => WalkCode.BitThenInt8,
            _ => null,
        };
    }

    private static int[] Prefixes(Wire.VectorSchema declared, string path)
    {
        // The encoder's own prefixes are the default, where it is described: those that this vector and the engine's kernels have.
        IReadOnlyList<uint> allowed = declared.AllowedDimensions.Count > 0
            ? declared.AllowedDimensions
            : [.. (declared.Space?.Encoder?.AllowedDimensions ?? []).Where(d => d < declared.Dimension && d % PrefixStep == 0)];
        string at = $"{path}.allowed_dimensions";
        if (allowed.Count > MaxPrefixes)
        {
            throw Refusal.Limit(at, allowed.Count, MaxPrefixes, "dimensions", "Allow those that are searched with.");
        }
        for (int i = 0; i < allowed.Count; i++)
        {
            if (allowed[i] == 0 || allowed[i] >= declared.Dimension || (i > 0 && allowed[i] <= allowed[i - 1]))
            {
                throw Refusal.Invalid(
                    $"{at}[{i}]", "Allowed dimensions ascend and lie below the full dimension.", "Sort them, and leave out the full dimension.",
                    Refusal.Number(allowed[i]), $"below {declared.Dimension}");
            }
        }
        return [.. allowed.Select(static d => (int)d)];
    }
}
