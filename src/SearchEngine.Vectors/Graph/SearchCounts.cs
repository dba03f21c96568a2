namespace SearchEngine.Vectors.Graph;

/// <summary>What one search did.</summary>
public struct SearchCounts
{
    /// <summary>Rows scored by the walk's code.</summary>
    public int Scored { get; internal set; }

    /// <summary>Rows looked at without a walk to them: 1-bit estimates of a prefilter, codes of live rows that wait to be linked.</summary>
    public int Estimated { get; internal set; }

    /// <summary>Candidates expanded.</summary>
    public int Hops { get; internal set; }

    /// <summary>What was done in fact, which a walk that starved decides late.</summary>
    public SearchStrategy Strategy { get; internal set; }

    /// <summary>Rows read from truth.</summary>
    public int Rescored { get; internal set; }

    /// <summary>The breadth that a plain walk would have needed to expand as far: best candidates that all were expanded. 0 for
    /// a scan.</summary>
    public int EffectiveBreadth { get; internal set; }

    /// <summary>Margin of the adaptive stop: the one given, or the one chosen for a target recall; null for a plain walk.</summary>
    public float? Margin { get; internal set; }

    public SearchEnd End { get; internal set; }

    /// <summary>Whether the search did all it meant to do.</summary>
    public readonly bool Complete => End == SearchEnd.Complete;

    internal void Add(int scored, int hops)
    {
        Scored += scored;
        Hops += hops;
    }
}
