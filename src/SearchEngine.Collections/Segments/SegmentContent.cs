using SearchEngine.Collections.Multi;
using SearchEngine.Vectors;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// What a segment is written from. Documents are named by numbers below <see cref="Numbers"/> that mean something to the
/// source alone; the writer decides which ordinal each becomes.
/// </summary>
internal abstract class SegmentContent
{
    public abstract int Numbers { get; }

    /// <summary>Whether the document becomes part of the segment.</summary>
    public abstract bool IsKept(uint number);

    /// <summary>One vector of the kept documents, its sources their numbers; null when none of them has it. The caller's to
    /// dispose.</summary>
    public abstract VectorSegment? BuildVectors(int vector, CancellationToken cancel);

    public abstract IdKey KeyOf(uint number);

    public abstract ulong VersionOf(uint number);

    public abstract ReadOnlySpan<byte> BodyOf(uint number);

    /// <summary>The rows of a multi vector; empty where the document has none.</summary>
    public abstract MultiRows MultiOf(int position, uint number);

    /// <summary>Where a document comes from, for errors.</summary>
    public abstract string OriginOf(uint number);
}
