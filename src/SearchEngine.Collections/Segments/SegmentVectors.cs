using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Collections.Segments;

/// <summary>One mapped vector of a segment's documents, with the ways between its rows and them.</summary>
internal sealed class SegmentVectors : IDisposable
{
    private readonly string _directory;
    private readonly int _documents;
    private readonly MappedArray<uint>? _rowOf;

    private SegmentVectors(string directory, VectorSchema schema, VectorSegment segment, int documents, MappedArray<uint>? rowOf)
    {
        _directory = directory;
        _documents = documents;
        _rowOf = rowOf;
        Schema = schema;
        Segment = segment;
        Searchers = new SearcherPool<VectorSearcher>(segment.CreateSearcher);
    }

    public VectorSchema Schema { get; }

    public VectorSegment Segment { get; }

    public SearcherPool<VectorSearcher> Searchers { get; }

    /// <summary>Opens the vector if any document has it.</summary>
    public static SegmentVectors? Open(
        string segmentDirectory, int vector, VectorSchema schema, SegmentIds ids, SegmentOpenOptions options, CancellationToken cancel)
    {
        int rows = vector < ids.Shape.VectorRows.Count ? ids.Shape.VectorRows[vector] : 0;
        if (rows == 0)
        {
            return null;
        }
        string directory = Path.Combine(segmentDirectory, SegmentNames.Vectors(vector));
        MappedArray<uint>? rowOf = vector == 0 ? null : ids.RowsOf(vector);
        VectorSegment segment = Open(directory, options, cancel);
        if ((segment.Count, segment.Dimension, segment.Metric) == (rows, schema.Dimension, VectorSettings.MetricOf(schema)))
        {
            return new SegmentVectors(directory, schema, segment, ids.Shape.Rows, rowOf) { DiskBytes = FileBytes(directory) };
        }
        segment.Dispose();
        throw StorageErrors.Damaged(
            directory, $"{segment.Count} rows of {segment.Dimension} by {segment.Metric}, where the segment and the schema say "
            + $"{rows} of {schema.Dimension} by {schema.Metric}");
    }

    public uint DocumentOf(uint row)
    {
        if (_rowOf is null)
        {
            return row;
        }
        uint document = Segment.SourceRow(row);
        return document < (uint)_documents
            ? document
            : throw StorageErrors.Damaged(_directory, $"row {row} belongs to document {document} of {_documents}");
    }

    public bool TryRowOf(uint document, out uint row)
    {
        row = _rowOf is MappedArray<uint> rows ? rows[(int)document] : document < (uint)Segment.Count ? document : DocumentSegment.NoRow;
        if (row != DocumentSegment.NoRow && row >= (uint)Segment.Count)
        {
            throw StorageErrors.Damaged(_directory, $"document {document} is said to have row {row} of {Segment.Count}");
        }
        return row != DocumentSegment.NoRow;
    }

    /// <summary>Reads what walks read into memory.</summary>
    public void Populate(CancellationToken cancel)
    {
        SegmentParts parts = Segment.Parts;
        foreach (RowMemory? rows in new[] { parts.Upper, parts.Links, parts.Signs, parts.Codes, parts.Corrections })
        {
            (rows as MappedRows)?.Populate(cancel);
        }
    }

    /// <summary>Bytes of the files; known when opened.</summary>
    public long DiskBytes { get; private init; }

    public IEnumerable<ComponentBytes> Bytes()
    {
        SegmentParts parts = Segment.Parts;
        string name = $"vectors.{Schema.Name}.";
        yield return Bytes(name + "truth", parts.Truth);
        yield return Bytes(name + "codes", parts.Codes);
        yield return Bytes(name + "signs", parts.Signs);
        yield return Bytes(name + "links", parts.Links, parts.Upper);
        yield return Bytes(name + "other", parts.Corrections, parts.Norms, parts.PrefixNorms, parts.Sources);
    }

    public void Dispose()
    {
        Searchers.Dispose();
        Segment.Dispose();
    }

    private static ComponentBytes Bytes(string component, params ReadOnlySpan<RowMemory?> files)
    {
        var sum = new ComponentBytes(component, 0, 0, 0);
        foreach (RowMemory? rows in files)
        {
            sum = rows switch
            {
                null => sum,
                MappedRows mapped => sum with
                {
                    Disk = sum.Disk + mapped.Header.FileBytes,
                    Mapped = sum.Mapped + mapped.Bytes,
                    Resident = sum.Resident + mapped.ResidentBytes,
                },
                // Copied to memory of the process; the file is as large.
                _ => sum with { Disk = sum.Disk + rows.Bytes, Resident = sum.Resident + rows.Bytes },
            };
        }
        return sum;
    }

    // Copies in huge pages have forgotten their file.
    private static long FileBytes(string directory) => new DirectoryInfo(directory).EnumerateFiles().Sum(file => file.Length);

    private static VectorSegment Open(string directory, SegmentOpenOptions options, CancellationToken cancel)
    {
        SegmentParts? parts = null;
        try
        {
            parts = SegmentFiles.Open(directory, options, cancel);
            return new VectorSegment(parts);
        }
        catch (Exception cause) when (cause is VectorFileException or InvalidDataException)
        {
            parts?.Dispose();
            throw StorageErrors.Damaged((cause as VectorFileException)?.Path ?? directory, cause.Message, cause);
        }
    }
}
