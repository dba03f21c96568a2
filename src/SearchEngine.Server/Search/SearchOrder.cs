using SearchEngine.Collections.Search.Diversity;
using SearchEngine.Collections.Search.Groups;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>A search of the contract, checked and put in the engine's words.</summary>
internal sealed record SearchOrder
{
    /// <summary>By a vector, by words, or by several of these. A vector may lie in the bytes of the call: who keeps it longer copies it.</summary>
    public required Engine.QueryRequest Request { get; init; }

    /// <summary>Its queries: one, or the parts of a hybrid request in their order.</summary>
    public required IReadOnlyList<SearchComponent> Components { get; init; }

    /// <summary>Late interaction over the candidates of the queries; null for a search of one stage.</summary>
    public SearchComponent? Late { get; init; }

    /// <summary>Makes groups of the hits; null for a plain ranking.</summary>
    public HitGrouping? Grouping { get; init; }

    /// <summary>Chooses hits that differ; null for the plain order.</summary>
    public Diversification? Diversity { get; init; }

    /// <summary>Whether the answer is something else than the plain ranking.</summary>
    public bool IsShaped => Grouping is not null || Diversity is not null;

    /// <summary>What to read of each hit; null when nothing was asked for.</summary>
    public required PointParts? Parts { get; init; }

    /// <summary>Whether hits carry the score of their only component; those of several they always carry.</summary>
    public required bool HasComponents { get; init; }

    /// <summary>Time for the whole call from its arrival; null leaves the deadline alone.</summary>
    public required TimeSpan? Budget { get; init; }

    /// <summary>Whether the best so far is an answer when the time is over.</summary>
    public bool MayBePartial => Request.AllowPartial;

    /// <summary>What the scores are measured in.</summary>
    public Wire.ScoreKind ScoreKind => Late?.ScoreKind ?? FirstScoreKind;

    /// <summary>What those of the first stage are measured in.</summary>
    public Wire.ScoreKind FirstScoreKind => Request is not Engine.HybridRequest hybrid ? Components[0].ScoreKind
        : hybrid.Fusion == Engine.FusionKind.Convex ? Wire.ScoreKind.Convex : Wire.ScoreKind.ReciprocalRank;

    /// <summary>The prefix of the final scores; 0 where not one vector is searched.</summary>
    public int RescoreDimension => Request is Engine.MultiSearchRequest ? Components[0].Multi!.Dimension
        : Request is Engine.SearchRequest vector ? vector.RescoreDimension ?? Components[0].Vector!.Dimension : 0;

    /// <summary>Whether a query still has to become a vector.</summary>
    public bool NeedsEncoding
    {
        get
        {
            // Asked of every search: no enumerator.
            for (int i = 0; i < Components.Count; i++)
            {
                if (Components[i] is { Text: not null, Encoded: null })
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>With what the text of a component became.</summary>
    public SearchOrder With(int at, EncodedQuery encoded) => this with
    {
        Components = [.. Components.Select((c, i) => i == at ? c with { Encoded = encoded } : c)],
        Request = Request switch
        {
            Engine.SearchRequest vector => vector with { Query = encoded.Values },
            Engine.HybridRequest hybrid => hybrid with { Parts = [.. hybrid.Parts.Select((p, i) => i == at ? With(p, encoded) : p)] },
            _ => throw new InvalidOperationException("Words are not encoded."),
        },
    };

    /// <summary>Left to end: what is found out about a search does not depend on where its own budget would cut it short.</summary>
    public SearchOrder WithoutBudget() => this with { Budget = null, Request = Request with { AllowPartial = false } };

    /// <summary>For so many hits from the first on.</summary>
    public SearchOrder Taking(int hits) => this with
    {
        Request = Request with { Count = hits, Offset = 0 },
        Components = [.. Components.Select(c => c with { Shape = c.Shape with { Wanted = hits } })],
    };

    private static Engine.HybridPart With(Engine.HybridPart part, EncodedQuery encoded) =>
        part is Engine.HybridPart.ByVector vector
            ? vector with { Request = vector.Request with { Query = encoded.Values } }
            : throw new InvalidOperationException("Words are not encoded.");
}
