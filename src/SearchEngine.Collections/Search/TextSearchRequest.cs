using SearchEngine.Collections.Filters;

namespace SearchEngine.Collections.Search;

/// <summary>A search by words.</summary>
public sealed record TextSearchRequest : QueryRequest
{
    /// <summary>Distinct words of a query.</summary>
    public const int MaxWords = 256;

    /// <summary>Characters of a query.</summary>
    public const int MaxLength = 65_536;
    public const double MaxWeight = 1000;

    /// <summary>A word that it repeats counts as often.</summary>
    public required string Query { get; init; }

    /// <summary>The text fields to look in and what each counts; null means all indexed ones alike.</summary>
    public IReadOnlyDictionary<string, double>? Fields { get; init; }

    /// <summary>How many of the words a document must have, in whichever of the fields.</summary>
    public WordMatch Match { get; init; }

    /// <summary>What to do about conditions that no index can answer.</summary>
    public UnindexedFilter Unindexed { get; init; }

    /// <summary>Only hits whose score is at least this.</summary>
    public float? MinScore { get; init; }
}
