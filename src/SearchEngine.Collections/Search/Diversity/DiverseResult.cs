namespace SearchEngine.Collections.Search.Diversity;

/// <summary>The answer of a search for hits that differ.</summary>
public sealed record DiverseResult
{
    /// <summary>The hits in the order they were chosen, each with the score that the search itself gave it.</summary>
    public required SearchResult Result { get; init; }

    /// <summary>Of several queries: what each gave to every hit, in the order of the hits; null for one query.</summary>
    public HybridResult? Fused { get; init; }

    /// <summary>Of each hit in the plain order, from 1.</summary>
    public required IReadOnlyList<int> Ranks { get; init; }

    /// <summary>Time for choosing, which is in no other.</summary>
    public TimeSpan ChoiceTime { get; init; }
}
