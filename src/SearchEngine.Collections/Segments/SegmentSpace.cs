using SearchEngine.Collections.Schema;
using SearchEngine.Vectors;

namespace SearchEngine.Collections.Segments;

/// <summary>Bytes of disk that writing a segment takes at most, to be asked before it begins.</summary>
internal static class SegmentSpace
{
    /// <summary>Headers and gaps of the files of one vector: each begins its rows at 2 MiB.</summary>
    private const long VectorOverhead = 32L << 20;
    private const long Overhead = 1 << 20;

    /// <summary>Ids, table, offsets and versions of a document, and its rows in the vectors beside the first.</summary>
    private const long BytesPerDocument = 64 + sizeof(uint) * CollectionSchema.MaxVectors;

    /// <summary>What a freeze takes: memory behind rows, codes, links, bodies and columns, and the records that live documents
    /// lack.</summary>
    public static long ForFreeze(LiveDocuments live)
    {
        long bytes = live.CommittedBytes + live.Count * BytesPerDocument;
        foreach (VectorSchema vector in live.Schema.Vectors)
        {
            // A record takes no more than the code, which small segments that were never calibrated lack as well.
            bytes += VectorOverhead + (long)live.Count * (2L * CodeBytes(vector) + LinkBytes(vector));
        }
        return WithMargin(bytes);
    }

    /// <summary>What a merge takes: the files of all inputs, dead rows included, and what wider rows and further records add.</summary>
    public static long ForMerge(IReadOnlyList<DocumentSegment> inputs)
    {
        long bytes = 0;
        foreach (DocumentSegment input in inputs)
        {
            bytes += input.DiskBytes + input.Count * BytesPerDocument;
            for (int v = 0; v < input.VectorCount; v++)
            {
                if (input.Vectors(v) is VectorSegment vectors)
                {
                    SegmentParts parts = vectors.Parts;
                    bool widens = parts.TruthElement != ElementType.Float32
                        && inputs.Any(i => i.Vectors(v)?.Parts.TruthElement == ElementType.Float32);
                    bytes += widens ? parts.Count * (long)parts.Dimension * sizeof(float) : 0;
                    bytes += parts.Signs is null ? (long)parts.Count * parts.Calibration.CodeDimension : 0;
                }
            }
        }
        return WithMargin(bytes);
    }

    private static long CodeBytes(VectorSchema vector) => Math.Max(64, vector.Dimension * 2);

    private static long LinkBytes(VectorSchema vector) => 3L * vector.MaxLinks * sizeof(uint);

    private static long WithMargin(long bytes) => bytes + bytes / 8 + Overhead;
}
