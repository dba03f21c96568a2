using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Text;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Segments;

/// <summary>Finds damage in the files of a segment.</summary>
internal static class SegmentScrub
{
    private const int RowsPerCheck = 1 << 14;

    /// <summary>Every byte against its checksum, and where all match, the files against each other. Empty: all is as written.</summary>
    public static IReadOnlyList<DamageFinding> Run(string directory, CollectionSchema schema, CancellationToken cancel = default)
    {
        IReadOnlyList<DamageFinding> findings = Blocks(directory, schema, cancel);
        if (findings.Count > 0)
        {
            return findings;
        }
        try
        {
            using DocumentSegment segment = DocumentSegment.Open(directory, 0, schema, new SegmentOpenOptions(), cancel);
            return [.. Contradictions(segment, schema, cancel)];
        }
        catch (CollectionException error) when (error.Error == CollectionError.Checksum)
        {
            return [new DamageFinding(directory, error.What)];
        }
    }

    /// <summary>Every byte against its checksum.</summary>
    public static IReadOnlyList<DamageFinding> Blocks(
        string directory, CollectionSchema schema, CancellationToken cancel, IScrubObserver? observer = null)
    {
        var findings = new List<DamageFinding>();
        foreach (string kind in new[] { SegmentNames.Ids, SegmentNames.Bodies })
        {
            findings.AddRange(SectionFile.Scrub(Path.Combine(directory, kind), kind, cancel, observer));
        }
        findings.AddRange(SegmentAttributes.Scrub(directory, cancel, observer));
        findings.AddRange(SegmentWords.Scrub(directory, schema, cancel, observer));
        findings.AddRange(SegmentSparseVectors.Scrub(directory, schema, cancel, observer));
        findings.AddRange(SegmentMultis.Scrub(directory, schema, cancel, observer));
        for (int v = 0; v < schema.Vectors.Count; v++)
        {
            string vectors = Path.Combine(directory, SegmentNames.Vectors(v));
            // A vector that no document has has no directory; one that is missing is found by opening.
            if (Directory.Exists(vectors))
            {
                findings.AddRange(ScrubVectors(vectors, observer, cancel));
            }
        }
        return findings;
    }

    /// <exception cref="CollectionException">Checksum: the first byte block that does not match.</exception>
    public static void ThrowIfDamaged(string directory, CollectionSchema schema, CancellationToken cancel)
    {
        if (Blocks(directory, schema, cancel) is [DamageFinding first, ..])
        {
            throw StorageErrors.Damaged(first.Path, first.What);
        }
    }

    private static IEnumerable<DamageFinding> ScrubVectors(string directory, IScrubObserver? observer, CancellationToken cancel)
    {
        try
        {
            return [.. SegmentFiles.Scrub(directory, cancel, observer).Select(found => new DamageFinding(found.Path, found.Description))];
        }
        catch (VectorFileException error)
        {
            return [new DamageFinding(error.Path, error.Message)];
        }
    }

    private static IEnumerable<DamageFinding> Contradictions(DocumentSegment segment, CollectionSchema schema, CancellationToken cancel)
    {
        for (uint row = 0; row < (uint)segment.Count; row++)
        {
            if (row % RowsPerCheck == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }
            _ = segment.BodyOf(row);
            for (int m = 0; m < schema.MultiVectors.Count; m++)
            {
                _ = segment.MultiOf(m, row);
            }
            if (!segment.TryFind(segment.IdOf(row), segment.Count, out uint found) || found != row)
            {
                yield return new DamageFinding(
                    Path.Combine(segment.Directory, SegmentNames.Ids),
                    $"the id of row {row} is not found where it is, so the table is wrong");
            }
        }
        for (int v = 0; v < schema.Vectors.Count; v++)
        {
            int rows = segment.Vectors(v)?.Count ?? 0, held = 0;
            for (uint document = 0; document < (uint)segment.Count; document++)
            {
                held += segment.TryVectorRow(v, document, out uint row) && segment.DocumentOf(v, row) == document ? 1 : 0;
            }
            if (held != rows)
            {
                yield return new DamageFinding(
                    segment.Directory, $"{held} documents agree with vector '{schema.Vectors[v].Name}' about their row, it has {rows} rows");
            }
        }
    }
}
