namespace SearchEngine.Collections.Filters;

/// <summary>
/// A predicate over attributes and ids. An empty filter holds for every document. A document without a value for an
/// attribute does not satisfy a condition on it; a condition on an array holds if it holds for one element.
/// </summary>
public sealed record Filter
{
    public const int MaxConditions = 256;
    public const int MaxDepth = 16;
    public const int MaxValues = 65_536;

    public static Filter All { get; } = new();

    /// <summary>All of these hold.</summary>
    public IReadOnlyList<Condition> Must { get; init; } = [];

    /// <summary>At least <see cref="MinShould"/> of these hold.</summary>
    public IReadOnlyList<Condition> Should { get; init; } = [];

    /// <summary>None of these holds.</summary>
    public IReadOnlyList<Condition> MustNot { get; init; } = [];

    /// <summary>How many of <see cref="Should"/> must hold; 0 means 1 when there are any.</summary>
    public int MinShould { get; init; }

    public bool IsEmpty => Must.Count == 0 && Should.Count == 0 && MustNot.Count == 0;
}
