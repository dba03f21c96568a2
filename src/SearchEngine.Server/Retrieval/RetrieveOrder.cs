using SearchEngine.Server.Contract;
using SearchEngine.Server.Rerank;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Retrieval;

/// <summary>A retrieval of the contract, checked. How many candidates there are is decided when the time is known.</summary>
internal sealed record RetrieveOrder
{
    /// <summary>The first stage.</summary>
    public required SearchOrder Search { get; init; }

    /// <summary>The second stage, for as many candidates as are possible.</summary>
    public required RerankOrder Rerank { get; init; }

    /// <summary>The stored text that is reranked and returned as the passage; null where the collection stores none.</summary>
    public required string? TextField { get; init; }

    public required Wire.RerankMode Mode { get; init; }

    /// <summary>Hits that are wanted.</summary>
    public required int Hits { get; init; }

    /// <summary>Candidates that were asked for; null leaves it to the budget.</summary>
    public required int? Candidates { get; init; }

    /// <summary>What to read of each hit.</summary>
    public required PointParts Parts { get; init; }

    public required bool HasPassage { get; init; }

    public required bool MayBePartial { get; init; }
}
