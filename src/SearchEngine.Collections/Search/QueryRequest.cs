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

    /// <summary>What to do about conditions that no index can answer.</summary>
    public UnindexedFilter Unindexed { get; init; }

    /// <summary>Scores the best candidates again and orders them by that; null for the order of the search itself.</summary>
    public LateInteraction? Late { get; init; }

    /// <summary>When the search is cancelled, the best so far is an answer, and says so; otherwise a cancelled search throws.</summary>
    public bool AllowPartial { get; init; }

    /// <summary>Which of the best hits are asked for.</summary>
    internal virtual HitWindow Window => new(Count, Offset, null);

    /// <summary>What ends the search before its end.</summary>
    internal virtual SearchLimits Limits => default;
}
