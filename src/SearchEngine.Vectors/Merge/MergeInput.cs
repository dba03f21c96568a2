namespace SearchEngine.Vectors.Merge;

/// <summary>A segment to merge.</summary>
public sealed record MergeInput
{
    public required VectorSegment Segment { get; init; }

    /// <summary>One bit per ordinal: the row is dead and left out. Empty: all live. Does not change during the merge.</summary>
    public ReadOnlyMemory<ulong> Dead { get; init; }

    /// <summary>What the merged segment gives as the source of each row, per ordinal; empty keeps the segment's own.</summary>
    public ReadOnlyMemory<uint> Sources { get; init; }

    internal void Validate()
    {
        int words = (Segment.Count + 63) / 64;
        if (!Dead.IsEmpty && Dead.Length != words)
        {
            throw new ArgumentException($"{Segment.Count} rows need {words} words of tombstones, not {Dead.Length}.");
        }
        if (!Sources.IsEmpty && Sources.Length != Segment.Count)
        {
            throw new ArgumentException($"{Segment.Count} rows need as many sources, not {Sources.Length}.");
        }
    }
}

/// <summary>What a merge did.</summary>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Kept">Rows whose links were copied from the largest graph; all others were inserted.</param>
/// <param name="Healed">Link rows of those in which dead links were replaced.</param>
/// <param name="Repaired">Rows that no link led to at the end and that were linked then.</param>
/// <param name="CopiedCodes">Rows whose code was copied byte for byte.</param>
/// <param name="Resumed">Rows whose links were found as an attempt before had kept them.</param>
public readonly record struct MergeReport(int Rows, int Kept, int Healed, int Repaired, int CopiedCodes, int Resumed);
