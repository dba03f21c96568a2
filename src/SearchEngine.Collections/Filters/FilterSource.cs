using SearchEngine.Collections.Attributes;

namespace SearchEngine.Collections.Filters;

/// <summary>The rows of one segment, as a filter sees them. A view: it owns nothing.</summary>
internal readonly struct FilterSource
{
    /// <summary>Rows to answer for; of a live segment, those below the bound of the snapshot.</summary>
    public required int Rows { get; init; }

    public required IAttributeReader Attributes { get; init; }

    public required IIdLookup Ids { get; init; }

    /// <summary>For attributes without an index.</summary>
    public required BodyReader Bodies { get; init; }

    /// <summary>Answers kept for the next time; null for segments that grow.</summary>
    public SegmentFilterCache? Cache { get; init; }
}
