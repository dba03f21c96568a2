namespace SearchEngine.Collections.Filters;

/// <summary>What conditions do that no index answers.</summary>
public enum UnindexedFilter
{
    /// <summary>Read the attribute of every row that the other conditions leave.</summary>
    Scan,

    /// <summary>Are refused.</summary>
    Refuse,
}
