using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Search;

/// <summary>A document of a fused ranking.</summary>
/// <param name="Score">Of the fusion: it compares hits of one answer, and means nothing beside those of another.</param>
/// <param name="Parts">What each query made of it, in the request's order; null where it is not among the query's best.</param>
public sealed record HybridHit(DocumentId Id, double Score, IReadOnlyList<HybridHitPart?> Parts)
{
    /// <summary>Where the document stands in the view that found it.</summary>
    internal Views.RowAddress Row { get; init; }

    internal Hit ToHit() => new(Id, (float)Score) { Row = Row };
}
