using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Core;

/// <summary>What the manifest of a collection says.</summary>
/// <param name="Generation">Grows with each manifest.</param>
/// <param name="Sequence">Everything up to it is in the segments; the log has what came later.</param>
/// <param name="Aside">Damage that was found: never used again by itself, for its documents may have been written again.</param>
internal sealed record ManifestContent(
    ulong Generation, ulong Sequence, ulong NextSegmentId, CollectionSchema Schema, IReadOnlyList<ManifestContent.Segment> Segments,
    IReadOnlyList<Quarantined> Aside)
{
    /// <param name="Rows">Documents in it, dead or alive.</param>
    /// <param name="Dead">How many are dead at the sequence.</param>
    /// <param name="DeadFile">Which; null when none is.</param>
    internal sealed record Segment(ulong Id, int Rows, int Dead, string? DeadFile);
}
