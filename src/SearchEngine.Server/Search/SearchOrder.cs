using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>A search of the contract, checked and put in the engine's words.</summary>
internal sealed record SearchOrder
{
    /// <summary>Its query may lie in the bytes of the call: who keeps it longer copies it.</summary>
    public required Engine.SearchRequest Request { get; init; }

    /// <summary>The vector that is searched.</summary>
    public required VectorSchema Vector { get; init; }

    /// <summary>What to encode before the search can start; null for a query that is a vector.</summary>
    public QueryText? Text { get; init; }

    /// <summary>What it became, once <see cref="SearchTexts"/> has seen it.</summary>
    public EncodedQuery? Encoded { get; init; }

    /// <summary>What to read of each hit; null when nothing was asked for.</summary>
    public required PointParts? Parts { get; init; }

    /// <summary>Whether hits carry the score of their only component.</summary>
    public required bool HasComponents { get; init; }

    /// <summary>What the cost depends on.</summary>
    public required SearchShape Shape { get; init; }

    /// <summary>Time for the whole call from its arrival; null leaves the deadline alone.</summary>
    public required TimeSpan? Budget { get; init; }

    /// <summary>Whether the best so far is an answer when the time is over.</summary>
    public bool MayBePartial => Request.AllowPartial;
}
