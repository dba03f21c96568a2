using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>An immutable segment as the manifest names it: with the rows that were dead at the manifest's sequence.</summary>
internal sealed record DurableSegment(ulong Id, Shared<DocumentSegment> Segment, DeadRows Dead, string? DeadFile)
{
    /// <inheritdoc cref="SegmentSize" path="/param[@name='Rewrites']"/>
    public int Rewrites { get; init; }

    public SegmentSize Size => new(Dead.Rows, Dead.Count, Segment.Value.Pairs, Segment.Value.Searches, Rewrites);
}
