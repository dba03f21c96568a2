using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Multi;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>The best row of a point for each row of late interaction's query. Where a token stands in a text is not recorded, so no spans are told.</summary>
internal static class TokenMatches
{
    /// <summary>Of the second stage, or of every query that is one of late interaction.</summary>
    public static IEnumerable<Wire.TokenMatch> Of(SearchOrder order, DocumentId id, Collection collection)
    {
        if (order.Request.Late is not null)
        {
            return Late(order, id, collection).Select(Write);
        }
        return Enumerable.Range(0, order.Components.Count)
            .Select(i => ExplainedOrders.RequestOf(order, i)).OfType<Engine.MultiSearchRequest>()
            .SelectMany(tokens => Match(collection, tokens.VectorName, tokens.Query, id)).Select(Write);
    }

    /// <summary>Of the second stage; empty where there is none, or the point lacks the vector.</summary>
    public static IReadOnlyList<TokenMatch> Late(SearchOrder order, DocumentId id, Collection collection) =>
        order.Request.Late is { } late ? Match(collection, late.VectorName, late.Query, id) : [];

    private static IReadOnlyList<TokenMatch> Match(Collection collection, string? vector, MultiVector query, DocumentId id)
    {
        using PinnedView view = collection.Pin();
        return view.MatchTokens(vector, query, id);
    }

    private static Wire.TokenMatch Write(TokenMatch match) =>
        new() { QueryRow = (uint)match.QueryRow, DocumentRow = (uint)match.DocumentRow, Score = match.Score };
}
