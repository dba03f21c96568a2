using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Search;

/// <summary>A search by late interaction: every match that has the multi vector is scored, and no graph spares any of them. To find
/// candidates by something else first, see <see cref="QueryRequest.Late"/>.</summary>
public sealed record MultiSearchRequest : QueryRequest
{
    /// <summary>The multi vector to search; null means the first of the schema.</summary>
    public string? VectorName { get; init; }

    /// <summary>A row per token of the query.</summary>
    public required MultiVector Query { get; init; }

    /// <summary>Only hits whose score is at least this.</summary>
    public float? MinScore { get; init; }

    internal override HitWindow Window => base.Window with { MinScore = MinScore };
}
