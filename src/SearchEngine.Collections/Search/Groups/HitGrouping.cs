namespace SearchEngine.Collections.Search.Groups;

/// <summary>At most so many hits per value of an attribute; the request's count and offset count groups then.</summary>
/// <param name="Attribute">A keyword or integer, single-valued. Documents without a value are not returned.</param>
/// <param name="HitsPerGroup">From 1.</param>
public sealed record HitGrouping(string Attribute, int HitsPerGroup = 1)
{
    public const int MaxHitsPerGroup = 100;

    /// <summary>Hits of all groups, those skipped included.</summary>
    public const int MaxHits = SearchRequest.MaxHits;

    private const int Spare = 4, LeastAsked = 64;

    /// <summary>Hits that a round asks for: more than its groups can hold, so that most searches need one round.</summary>
    /// <param name="groups">How many it is to fill.</param>
    public int HitsAsked(int groups) => (int)Math.Min(MaxHits, Math.Max(LeastAsked, Spare * (long)groups * HitsPerGroup));
}
