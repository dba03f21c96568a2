using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>An immutable set of rows with a graph over them. Any number of searchers read it at once.</summary>
public sealed class VectorSegment : IDisposable
{
    /// <summary>Up to this many rows a scan of truth is as fast as a walk, and exact.</summary>
    internal const int ScanLimit = 128;

    private readonly int[] _levelStarts;

    public VectorSegment(SegmentParts parts)
    {
        Parts = parts;
        TruthRows = new TruthRows(
            parts.Truth, parts.TruthElement, parts.Metric, parts.Dimension, parts.Calibration.Cuts, parts.Norms, parts.PrefixNorms);
        _levelStarts = new int[parts.LevelCounts.Count + 1];
        for (int level = 0; level < parts.LevelCounts.Count; level++)
        {
            _levelStarts[level + 1] = checked(_levelStarts[level] + parts.LevelCounts[level]);
        }
        if (_levelStarts[^1] != (parts.Upper?.Count ?? 0))
        {
            throw new InvalidDataException($"Levels name {_levelStarts[^1]} upper link rows, the file holds {parts.Upper?.Count ?? 0}.");
        }
        foreach (uint entry in parts.EntryPoints)
        {
            if (entry >= (uint)parts.Count)
            {
                throw new InvalidDataException($"Entry point {entry} is not one of {parts.Count} rows.");
            }
        }
    }

    public SegmentParts Parts { get; }

    public int Count => Parts.Count;

    public int Dimension => Parts.Dimension;

    public Metric Metric => Parts.Metric;

    internal TruthRows TruthRows { get; }

    internal LinkTable BaseLinks => new(Parts.Links, 0, Parts.Count, (uint)Parts.Count);

    public static VectorSegment Build(IRowSource rows, SegmentOptions options, CancellationToken cancel = default) =>
        new(new SegmentBuilder(rows, options).Build(cancel));

    /// <summary>Row number of <paramref name="ordinal"/> in the rows it was built from.</summary>
    public uint SourceRow(uint ordinal) => Parts.Sources.RowAs<uint>(ordinal)[0];

    /// <summary>Reads a row back in the caller's coordinates and length, within the precision it is stored with.</summary>
    public void CopyRow(uint ordinal, Span<float> row) =>
        TruthRows.Restore(ordinal, row[..Dimension]);

    public VectorSearcher CreateSearcher() => new(this);

    /// <summary>Answers many queries at once by scoring every row; for one thread.</summary>
    public ExactSearcher CreateExactSearcher() => new(TruthRows, Count, Dimension, Parts.Calibration.Cuts);

    /// <summary>Measures what the codes that walks read lose: on rows of the segment, and by scans for some of the queries.</summary>
    /// <param name="queries">Whole ones; of many, some are taken.</param>
    public CodeLoss MeasureCodes(IReadOnlyList<float[]> queries, CancellationToken cancel = default)
    {
        using var measurement = new CodeLossMeasurement(this);
        try
        {
            return measurement.Run(queries, cancel);
        }
        finally
        {
            Parts.Truth.GiveBack();
        }
    }

    /// <summary>How searches read the exact rows of their candidates from now on. Rows that are walked on, or in memory of the process
    /// anyway, stay where they are.</summary>
    public void ReadTruth(TruthAccess access)
    {
        if (Parts.Truth is MappedRows mapped && !Parts.Calibration.Report.WalksTruth)
        {
            mapped.Access(access);
        }
    }

    public void Dispose() => Parts.Dispose();

    /// <summary>Link rows of all levels, level 0 first.</summary>
    internal LinkTable[] Levels() => [BaseLinks, .. Enumerable.Range(1, Parts.LevelCounts.Count).Select(UpperLinks)];

    internal LinkTable UpperLinks(int level) =>
        new(Parts.Upper!, _levelStarts[level - 1], Parts.LevelCounts[level - 1], (uint)Parts.Count);

    internal TruthScorer Truth(PreparedQuery query, FetchedRows? fetched = null) => new(TruthRows, query, fetched);
}
