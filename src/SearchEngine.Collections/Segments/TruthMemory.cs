using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// Who holds the exact vectors that searches have read. Few of them are read for each search, but all in the end: mapped, they count as memory of the
/// process until the system wants it back. Beyond a size they are read by calls instead and the page cache alone has them.
/// </summary>
internal static class TruthMemory
{
    /// <param name="segments">All of a collection.</param>
    /// <param name="mostMapped">Bytes of exact vectors that may be mapped.</param>
    public static void Share(IReadOnlyCollection<DocumentSegment> segments, long mostMapped)
    {
        TruthAccess access = segments.Sum(static s => s.TruthBytes) <= mostMapped ? TruthAccess.Mapped : TruthAccess.Read;
        foreach (DocumentSegment segment in segments)
        {
            segment.ReadTruth(access);
        }
    }
}
