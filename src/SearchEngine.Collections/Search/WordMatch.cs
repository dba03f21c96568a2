namespace SearchEngine.Collections.Search;

/// <summary>How many of a query's words a document must have.</summary>
public enum WordMatch
{
    /// <summary>At least one.</summary>
    Any,

    /// <summary>All of them.</summary>
    All,
}
