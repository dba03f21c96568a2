using SearchEngine.Vectors;

namespace SearchEngine.Collections.Schema;

/// <summary>One named vector of the documents of a collection.</summary>
public sealed record VectorSchema
{
    public const string DefaultName = "default";

    public string Name { get; init; } = DefaultName;

    public required int Dimension { get; init; }

    public Metric Metric { get; init; } = Metric.Cosine;

    /// <summary>What exact scores are computed from: Float16, Float32 or Int8. Float16 becomes Float32 by itself where the
    /// range of the rows asks for it.</summary>
    public ElementType StoredType { get; init; } = ElementType.Float16;

    /// <summary>Prefixes that searches may walk or rescore with, besides the whole dimension (Matryoshka); ascending.</summary>
    public IReadOnlyList<int> PrefixDimensions { get; init; } = [];

    /// <summary>Fingerprint of the encoder space the vectors are in; null: unbound. Opaque here, compared by the service.</summary>
    public string? Space { get; init; }

    /// <summary>A document without it is refused.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>M: links of a row on the upper levels, half of those on level 0.</summary>
    public int MaxLinks { get; init; } = 16;

    /// <summary>efConstruction: candidates looked at per inserted row.</summary>
    public int BuildBreadth { get; init; } = 200;

    public ulong Seed { get; init; } = 1;

    /// <summary>What walks read; null lets each segment's calibration choose.</summary>
    public WalkTier? Tier { get; init; }
}
