using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Search;

/// <summary>
/// A second stage of a search: its best candidates are scored again by late interaction and ordered by that. Candidates without the
/// multi vector come behind the others, in the order and with the scores of the first stage.
/// </summary>
public sealed record LateInteraction
{
    /// <summary>The multi vector to score by; null means the first of the schema.</summary>
    public string? VectorName { get; init; }

    /// <summary>A row per token of the query.</summary>
    public required MultiVector Query { get; init; }

    /// <summary>How many of the first stage's best are scored; at least the hits that are asked for, those skipped included.</summary>
    public required int Candidates { get; init; }
}
