using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>
/// Everything a segment consists of, in memory or mapped from files. All rows are in ordinal order: level descending,
/// then breadth-first. Owns its memory; immutable once published.
/// </summary>
public sealed class SegmentParts : IDisposable
{
    public required Metric Metric { get; init; }

    public required int Dimension { get; init; }

    /// <summary>M; rows of level 0 hold twice as many links.</summary>
    public required int MaxLinks { get; init; }

    public required Calibration Calibration { get; init; }

    /// <summary>Float16 or Float32.</summary>
    public ElementType TruthElement { get; init; } = ElementType.Float16;

    /// <summary>The rows in the caller's coordinates, normalised for cosine, zero behind the dimension; the stride covers
    /// a multiple of 32 elements.</summary>
    public required RowMemory Truth { get; init; }

    /// <summary>Biased int8 codes, <see cref="Quantization.Calibration.CodeDimension"/> bytes each.</summary>
    public required RowMemory Codes { get; init; }

    /// <summary>1-bit records, or null when no tier reads them.</summary>
    public RowMemory? Signs { get; init; }

    /// <summary>float {ratio, add} per row: L2, or a scale per row; null otherwise.</summary>
    public RowMemory? Corrections { get; init; }

    /// <summary>Original length of each row (float), for cosine; null otherwise.</summary>
    public RowMemory? Norms { get; init; }

    /// <summary>Lengths of the declared prefixes of each stored row (float each), for cosine with prefixes; null otherwise.</summary>
    public RowMemory? PrefixNorms { get; init; }

    /// <summary>Links of level 0; unused slots at the tail of a row hold <see cref="Count"/>.</summary>
    public required RowMemory Links { get; init; }

    /// <summary>Links of level 1, then level 2, ...; null when the graph is flat.</summary>
    public RowMemory? Upper { get; init; }

    /// <summary>Rows on level 1, level 2, ...: an ordinal is on level l when it is below the size of that level.</summary>
    public required IReadOnlyList<int> LevelCounts { get; init; }

    /// <summary>Where walks start: the first is on the highest level, further ones, at most 255, are spread over the rows. Empty only
    /// when there are no rows.</summary>
    public required IReadOnlyList<uint> EntryPoints { get; init; }

    /// <summary>Row number in the build input, per ordinal.</summary>
    public required RowMemory Sources { get; init; }

    /// <summary>Tier that searches use unless they say otherwise.</summary>
    public required WalkTier Tier { get; init; }

    public int Count => Links.Count;

    /// <summary>The same rows with what tuning found. The receiver gives up its memory to the result; 1-bit records that
    /// no search will read are released.</summary>
    internal SegmentParts Tuned(IReadOnlyList<TuningCurve> tuning, WalkTier tier)
    {
        if (tier == WalkTier.Code)
        {
            Signs?.Dispose();
        }
        return new SegmentParts
        {
            Metric = Metric,
            Dimension = Dimension,
            MaxLinks = MaxLinks,
            Calibration = Calibration.WithTuning(tuning),
            TruthElement = TruthElement,
            Truth = Truth,
            Codes = Codes,
            Signs = tier == WalkTier.Code ? null : Signs,
            Corrections = Corrections,
            Norms = Norms,
            PrefixNorms = PrefixNorms,
            Links = Links,
            Upper = Upper,
            LevelCounts = LevelCounts,
            EntryPoints = EntryPoints,
            Sources = Sources,
            Tier = tier,
        };
    }

    public void Dispose()
    {
        Truth.Dispose();
        Codes.Dispose();
        Signs?.Dispose();
        Corrections?.Dispose();
        Norms?.Dispose();
        PrefixNorms?.Dispose();
        Links.Dispose();
        Upper?.Dispose();
        Sources.Dispose();
    }
}
