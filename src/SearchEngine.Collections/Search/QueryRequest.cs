using SearchEngine.Collections.Filters;

namespace SearchEngine.Collections.Search;

/// <summary>What all searches have in common, whatever they search by.</summary>
public abstract record QueryRequest
{
    /// <summary>k: how many hits.</summary>
    public int Count { get; init; } = 10;

    /// <summary>How many of the best hits to skip.</summary>
    public int Offset { get; init; }

    /// <summary>Which documents may be returned.</summary>
    public Filter Filter { get; init; } = Filter.All;

    /// <summary>Scores the best candidates again and orders them by that; null for the order of the search itself.</summary>
    public LateInteraction? Late { get; init; }

    /// <summary>When the search is cancelled, the best so far is an answer, and says so; otherwise a cancelled search throws.</summary>
    public bool AllowPartial { get; init; }
}
