using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>The searches that an explanation is made of.</summary>
internal static class ExplainedOrders
{
    /// <summary>As the search runs, without its offset; of several queries the whole ranking, to see what is behind the last hit.</summary>
    public static SearchOrder AsAsked(SearchOrder order) => order is { Request: Engine.HybridRequest hybrid, Late: null }
        ? Whole(order, hybrid)
        : order.Taking(order.Request.Count + order.Request.Offset) with { Parts = null };

    private static SearchOrder Whole(SearchOrder order, Engine.HybridRequest hybrid)
    {
        int[] depths = [.. hybrid.Parts.Select(hybrid.DepthOf)];
        return order with
        {
            Parts = null,
            Request = hybrid with
            {
                Parts = [.. hybrid.Parts.Select((p, i) => p with { Depth = depths[i] })],
                Count = Math.Min(depths.Sum(), SearchLimits.MaxExplainedRank),
                Offset = 0,
            },
        };
    }

    /// <summary>One of the queries on the point alone, scored from what is stored.</summary>
    /// <param name="dimension">Of the vector that is scored; null takes that of the search.</param>
    public static SearchOrder Alone(SearchOrder order, int component, Filter only, int? dimension = null)
    {
        SearchComponent asked = order.Components[component];
        return order with
        {
            Late = null,
            Request = RequestOf(order, component) with { Late = null } switch
            {
                Engine.MultiSearchRequest tokens => tokens with { Filter = only, Count = 1, Offset = 0, MinScore = null },
                Engine.TextSearchRequest words => words with { Filter = only, Count = 1, Offset = 0, MinScore = null, Match = Engine.WordMatch.Any },
                Engine.SparseSearchRequest sparse => sparse with { Filter = only, Count = 1, Offset = 0, MinScore = null },
                Engine.QueryRequest request => Alone((Engine.SearchRequest)request, only, dimension, asked.Vector!.Dimension),
            },
            Components = [asked with { Shape = asked.Shape with { Kind = asked.Vector is null ? asked.Shape.Kind : ShapeKind.Filtered, Wanted = 1 } }],
        };
    }

    /// <summary>A query of the search.</summary>
    public static Engine.QueryRequest RequestOf(SearchOrder order, int component) => order.Request is not Engine.HybridRequest hybrid
        ? order.Request
        : hybrid.Parts[component].Query;

    /// <summary>Beside the filter's own conditions: a level more could be one too many.</summary>
    public static Filter Only(DocumentId id, Filter filter) => filter with { Must = [new Condition.IdIn([id]), .. filter.Must] };

    private static Engine.SearchRequest Alone(Engine.SearchRequest request, Filter only, int? dimension, int whole) => request with
    {
        Filter = only,
        Count = 1,
        Offset = 0,
        Accuracy = Engine.Accuracy.Exact,
        MinScore = null,
        WalkDimension = null,
        RescoreDimension = (dimension ?? request.RescoreDimension) is int asked && asked < whole ? asked : null,
    };

    /// <summary>Exactly, as far as the rank of a score may be.</summary>
    public static SearchOrder Exactly(SearchOrder order, float least) => order.Request switch
    {
        // By its second stage over every match, as if there were no candidates.
        { Late: { } late } => order with
        {
            Parts = null,
            Late = null,
            Components = [order.Late!],
            Request = new Engine.MultiSearchRequest
            {
                VectorName = late.VectorName,
                Query = late.Query,
                Filter = order.Request.Filter,
                Count = SearchLimits.MaxExplainedRank,
                MinScore = least,
            },
        },
        Engine.MultiSearchRequest tokens => order with { Parts = null, Request = tokens with { Count = SearchLimits.MaxExplainedRank, Offset = 0, MinScore = least } },
        Engine.HybridRequest hybrid => Whole(order, hybrid with { Parts = [.. hybrid.Parts.Select(Exactly)] }) with { Components = Exactly(order.Components) },
        Engine.PostingSearchRequest postings => order with { Parts = null, Request = postings with { Count = SearchLimits.MaxExplainedRank, Offset = 0, MinScore = least } },
        _ => order with
        {
            Parts = null,
            Request = (Engine.SearchRequest)order.Request with
            {
                Accuracy = Engine.Accuracy.Exact,
                Count = SearchLimits.MaxExplainedRank,
                Offset = 0,
                MinScore = least,
                WalkDimension = null,
            },
            Components = Exactly(order.Components),
        },
    };

    private static Engine.HybridPart Exactly(Engine.HybridPart part) => part is Engine.HybridPart.ByVector vector
        ? vector with { Request = vector.Request with { Accuracy = Engine.Accuracy.Exact, WalkDimension = null } }
        : part;

    private static IReadOnlyList<SearchComponent> Exactly(IReadOnlyList<SearchComponent> components) =>
        [.. components.Select(static c => c.Vector is null ? c : c with { Shape = c.Shape with { Kind = ShapeKind.Exact, Wanted = SearchLimits.MaxExplainedRank } })];
}
