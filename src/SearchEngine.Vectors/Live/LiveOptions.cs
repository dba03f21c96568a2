namespace SearchEngine.Vectors.Live;

/// <summary>How a live segment is made.</summary>
public sealed record LiveOptions
{
    public required int Dimension { get; init; }

    /// <summary>Metric, links, breadth of building, seed and prefixes, as for an immutable segment; its Threads bound the
    /// writers at work at one moment.</summary>
    public SegmentOptions Graph { get; init; } = new();

    /// <summary>Rows that can ever be appended, dead ones included. Addresses are reserved for all of them, memory is
    /// taken as rows come.</summary>
    public int Capacity { get; init; } = 262_144;

    /// <summary>From this many rows on there are codes and a graph, calibrated on them; below, every search is an exact scan.</summary>
    public int CalibrationRows { get; init; } = 4_096;

    /// <summary>What truth is stored as; null takes that of <see cref="Graph"/>, else Float16 for cosine and Float32 where the lengths of
    /// rows to come are unknown. Int8 takes rows of signed bytes only.</summary>
    public ElementType? Truth { get; init; }

    internal ElementType TruthElement => Truth ?? Graph.Truth ?? (Graph.Metric == Metric.Cosine ? ElementType.Float16 : ElementType.Float32);

    public void Validate()
    {
        Graph.Validate(Dimension);
        if (Capacity is < 1 or > 1 << 30)
        {
            throw new ArgumentException($"Capacity {Capacity}: ordinals have 30 bits, and a segment without room takes no rows.");
        }
        if (CalibrationRows < 256)
        {
            throw new ArgumentException($"CalibrationRows {CalibrationRows}: a scale fitted on so few rows would clip the ones to come.");
        }
        if (TruthElement is not (ElementType.Float16 or ElementType.Float32 or ElementType.Int8))
        {
            throw new ArgumentException($"Truth {Truth}: exact rows are stored as Float16, Float32 or Int8.");
        }
    }
}
