using System.Runtime.InteropServices;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Segments;

/// <summary>The counts of a segment that its other sections are checked against.</summary>
/// <param name="Rows">Documents.</param>
/// <param name="LongestProbe">Slots looked at, at most, before an id is found in the table.</param>
/// <param name="VectorRows">Documents with the vector, by position in the schema.</param>
internal sealed record SegmentShape(int Rows, int LongestProbe, IReadOnlyList<int> VectorRows)
{
    private const ulong Layout = 1;
    private const int Head = 4;

    /// <summary>Layout, rows, longest probe, number of vectors, rows of each, checksum.</summary>
    public ulong[] ToWords()
    {
        var words = new ulong[Head + VectorRows.Count + 1];
        (words[0], words[1], words[2], words[3]) = (Layout, (ulong)Rows, (ulong)LongestProbe, (ulong)VectorRows.Count);
        for (int v = 0; v < VectorRows.Count; v++)
        {
            words[Head + v] = (ulong)VectorRows[v];
        }
        words[^1] = ChecksumOf(words);
        return words;
    }

    public static SegmentShape FromWords(ReadOnlySpan<ulong> words, string path)
    {
        if (words.Length < Head + 1 || words[^1] != ChecksumOf(words))
        {
            throw StorageErrors.Damaged(path, "the counts of the segment do not match their checksum");
        }
        if (words[0] != Layout)
        {
            throw StorageErrors.Damaged(path, $"layout {words[0]} of a segment; this program reads layout {Layout}");
        }
        ulong rows = words[1];
        ReadOnlySpan<ulong> vectors = words[Head..^1];
        bool possible = rows <= DocumentSegment.MaxRows && words[2] <= int.MaxValue && words[3] == (ulong)vectors.Length
            && vectors.Length <= CollectionSchema.MaxVectors;
        foreach (ulong count in vectors)
        {
            possible &= count <= rows;
        }
        if (!possible)
        {
            throw StorageErrors.Damaged(path, "the counts of the segment contradict each other");
        }
        var vectorRows = new int[vectors.Length];
        for (int v = 0; v < vectorRows.Length; v++)
        {
            vectorRows[v] = (int)vectors[v];
        }
        return new SegmentShape((int)rows, (int)words[2], vectorRows);
    }

    private static ulong ChecksumOf(ReadOnlySpan<ulong> words) => BlockChecksum.Of(MemoryMarshal.AsBytes(words[..^1]));
}
