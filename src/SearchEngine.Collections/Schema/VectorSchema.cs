using SearchEngine.Collections.Calibrations;

namespace SearchEngine.Collections.Schema;

/// <summary>One named dense vector of the documents of a collection: the only kind that has a graph.</summary>
public sealed record VectorSchema : IVectorField
{
    public const string DefaultName = "default";

    public string Name { get; init; } = DefaultName;

    public required int Dimension { get; init; }

    public VectorMetric Metric { get; init; } = VectorMetric.Cosine;

    /// <summary>What exact scores are computed from.</summary>
    public StoredType StoredType { get; init; } = StoredType.Float16;

    /// <summary>Prefixes that searches may walk or rescore with, besides the whole dimension (Matryoshka); ascending.</summary>
    public IReadOnlyList<int> PrefixDimensions { get; init; } = [];

    public string? Space { get; init; }

    /// <summary>What it is made from where a document comes without it; null: nothing.</summary>
    public TextSource? Source { get; init; }

    public bool IsRequired { get; init; } = true;

    /// <summary>M: links of a row on the upper levels, half of those on level 0.</summary>
    public int MaxLinks { get; init; } = 16;

    /// <summary>efConstruction: candidates looked at per inserted row.</summary>
    public int BuildBreadth { get; init; } = 200;

    public ulong Seed { get; init; } = 1;

    /// <summary>What walks rank by; null lets each segment's calibration choose.</summary>
    public WalkCode? WalkCode { get; init; }

    /// <summary>What searches of it reached when that was last measured; null: never. Kept here because it has to go wherever the
    /// vector's files go: into manifests, snapshots and backups.</summary>
    public VectorCalibration? Calibration { get; init; }
}
