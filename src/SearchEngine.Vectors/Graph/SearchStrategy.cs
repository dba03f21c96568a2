namespace SearchEngine.Vectors.Graph;

/// <summary>How a search found its candidates.</summary>
public enum SearchStrategy
{
    /// <summary>The graph was walked, every row is a hit.</summary>
    Walk,

    /// <summary>Accepted rows were walked, the others crossed without being scored.</summary>
    FilteredWalk,

    /// <summary>Every row, or every accepted row, was scored.</summary>
    Scan,

    /// <summary>All rows were walked, accepted ones kept.</summary>
    WalkThenFilter,

    /// <summary>A walk found too little or cost too much, then every accepted row was scored.</summary>
    WalkThenScan,
}
