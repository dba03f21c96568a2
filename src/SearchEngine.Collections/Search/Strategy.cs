namespace SearchEngine.Collections.Search;

/// <summary>How matches are reached.</summary>
public enum Strategy
{
    /// <summary>Every match was scored exactly.</summary>
    ExactScan,

    /// <summary>Every match was scored, by its code alone.</summary>
    CodeScan,

    /// <summary>The graph was walked, without a filter.</summary>
    Walk,

    /// <summary>The graph was walked through matching rows, with two-hop expansion.</summary>
    FilteredWalk,

    /// <summary>The graph was walked and matching rows were kept.</summary>
    WalkThenFilter,

    /// <summary>A filtered walk starved and the matches were scanned instead.</summary>
    WalkThenScan,

    /// <summary>The postings of the query's words were read.</summary>
    Postings,

    /// <summary>Several queries were answered and their rankings made one.</summary>
    Fusion,
}
