namespace SearchEngine.Collections.Search;

/// <summary>What a search did.</summary>
public sealed record SearchPlan
{
    /// <summary>How the matches of the largest segment were reached.</summary>
    public Strategy Strategy { get; init; }

    /// <summary>ef in effect in the largest segment; 0 for scans.</summary>
    public int Breadth { get; init; }

    /// <summary>Documents that match the filter, counted; without one, all documents.</summary>
    public long Matches { get; init; }

    /// <summary>The prefix walked with; 0 for scans of stored vectors.</summary>
    public int WalkDimension { get; init; }

    /// <summary>The prefix of the final scores.</summary>
    public int RescoreDimension { get; init; }

    /// <summary>Segments searched, live ones included.</summary>
    public int Segments { get; init; }

    /// <summary>Documents scanned exactly because they are not in a graph yet.</summary>
    public int Unindexed { get; init; }

    /// <summary>Rows scored by their codes.</summary>
    public long Scored { get; init; }

    /// <summary>Rows scored from their stored vectors.</summary>
    public long Rescored { get; init; }

    /// <summary>Graph nodes whose links were followed.</summary>
    public long Hops { get; init; }
}
