namespace SearchEngine.Server.Rerank;

/// <summary>A rerank of the contract, checked.</summary>
internal sealed record RerankOrder
{
    public required string Query { get; init; }

    /// <summary>Of the query within the request.</summary>
    public required string QueryPath { get; init; }

    /// <summary>Candidates, the best of an earlier stage first.</summary>
    public required int Count { get; init; }

    /// <summary>So many of the first are scored.</summary>
    public required int Depth { get; init; }

    /// <summary>Places that are returned, and whose stability counts.</summary>
    public required int Top { get; init; }

    /// <summary>The rerank model; empty for the default one.</summary>
    public required string Model { get; init; }

    /// <summary>Of the options within the request.</summary>
    public required string OptionsPath { get; init; }

    public required Wire.Truncation Truncation { get; init; }

    public required Wire.ScoreKind ScoreKind { get; init; }

    public required float? MinScore { get; init; }

    /// <summary>Rounds without a change of the top after which it ends; 0 scores everything.</summary>
    public required int StableRounds { get; init; }

    /// <summary>Whether the best order so far is an answer when the time is over.</summary>
    public required bool MayBePartial { get; init; }
}
