using System.Globalization;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search.Diversity;
using SearchEngine.Collections.Search.Groups;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>Searches of the contract in the engine's words. What is served neither wholly nor at all is refused by name.</summary>
internal static class SearchMap
{
    /// <summary>Reads a search whose answer has to be the ranking itself.</summary>
    public static SearchOrder ReadRanking(Wire.SearchRequest search, Collection collection, Caller caller)
    {
        FieldNotServed.When(search.Grouping is not null, "grouping");
        FieldNotServed.When(search.Diversity is not null, "diversity");
        return Read(search, collection, caller);
    }

    /// <param name="search">The search; its header was read already.</param>
    /// <param name="collection">What it names.</param>
    /// <param name="caller">Sees what its key lets it see.</param>
    public static SearchOrder Read(Wire.SearchRequest search, Collection collection, Caller caller)
    {
        // One by one: looking fields up by their names makes a string for each, in every search.
        FieldNotServed.When(search.Fields?.Details.Contains(Wire.Detail.Passage) == true, "fields.details");
        if (search.SearchCase == Wire.SearchRequest.SearchOneofCase.None)
        {
            throw Refusal.Required("query", "Set query with a vector, a text, words, or the id of a stored point; or hybrid with several of these.");
        }
        (int wanted, int offset) = Window(search);
        Filter filter = caller.Restrict(FilterMap.Read(search.Filter, "filter"));
        // A server-side filter hides points from queries by id as well: who may not see one may not search with it.
        var scope = new SearchScope(search, collection, filter, caller.Restrict(Filter.All), wanted + offset, offset);
        (Engine.QueryRequest request, IReadOnlyList<SearchComponent> components) = Queries(scope);
        (Engine.LateInteraction Late, SearchComponent Component)? late = MultiMap.ReadLate(scope, wanted);
        HitGrouping? grouping = GroupingMap.Read(search.Grouping);
        Diversification? diversity = DiversityMap.Read(search, wanted);
        return new SearchOrder
        {
            Request = late is { } second ? request with { Late = second.Late } : request,
            Components = request is Engine.HybridRequest ? components
                : grouping is not null ? [GroupingMap.Predicted(components[0], grouping, scope.Wanted)]
                : diversity is not null ? [components[0].Asking(Math.Max(diversity.Candidates, scope.Wanted))]
                : components,
            Grouping = grouping,
            Diversity = diversity,
            Late = late?.Component,
            Parts = Parts(search.Fields, collection.Schema),
            HasComponents = search.Fields?.Details.Contains(Wire.Detail.Components) == true,
            Budget = search.Budget is { TimeMicros: > 0 } budget ? TimeSpan.FromMicroseconds(budget.TimeMicros) : null,
        };
    }

    public static Filter Without(Filter filter, DocumentId self) => filter with { MustNot = [.. filter.MustNot, new Condition.IdIn([self])] };

    /// <param name="least">As the caller wrote it.</param>
    /// <param name="path">Of the threshold.</param>
    public static float Threshold(float least, string path) => float.IsFinite(least)
        ? least
        : throw Refusal.Invalid(path, "The least score is not finite.", "Leave it unset or send a number.", least.ToString(CultureInfo.InvariantCulture));

    private static (Engine.QueryRequest Request, IReadOnlyList<SearchComponent> Components) Queries(in SearchScope scope)
    {
        Wire.SearchRequest search = scope.Search;
        if (search.SearchCase == Wire.SearchRequest.SearchOneofCase.Hybrid)
        {
            (Engine.HybridRequest hybrid, IReadOnlyList<SearchComponent> components) = HybridMap.Read(scope);
            return (Complete(hybrid, scope), components);
        }
        if (search.Query.KindCase == Wire.Query.KindOneofCase.Lexical)
        {
            (Engine.TextSearchRequest words, SearchComponent lexical) = WordsMap.Read(search.Query, scope);
            WordsMap.RefuseWalk(search);
            words = words with { Filter = scope.Filter, MinScore = search.HasMinScore ? Threshold(search.MinScore, "min_score") : null };
            return (Complete(words, scope), [lexical]);
        }
        if (MultiMap.IsMulti(search.Query, scope.Collection.Schema))
        {
            (Engine.MultiSearchRequest tokens, SearchComponent multi, DocumentId? point) = MultiMap.Read(search.Query, scope);
            WordsMap.RefuseWalk(search);
            tokens = tokens with
            {
                Filter = point is { } asked ? Without(scope.Filter, asked) : scope.Filter,
                MinScore = search.HasMinScore ? Threshold(search.MinScore, "min_score") : null,
            };
            return (Complete(tokens, scope), [multi]);
        }
        if (SparseMap.IsSparse(search.Query, scope.Collection.Schema))
        {
            (Engine.SparseSearchRequest weights, SearchComponent sparse, DocumentId? self) = SparseMap.Read(search.Query, scope);
            WordsMap.RefuseWalk(search);
            weights = weights with
            {
                Filter = self is { } id ? Without(scope.Filter, id) : scope.Filter,
                MinScore = search.HasMinScore ? Threshold(search.MinScore, "min_score") : null,
            };
            return (Complete(weights, scope), [sparse]);
        }
        // Complete as it comes: a copy of it would be a tenth of what the mapping of a search allocates.
        (Engine.SearchRequest vector, SearchComponent dense, _) = QueryMap.Read(search.Query, scope);
        return (vector, [dense]);
    }

    private static T Complete<T>(T request, in SearchScope scope)
        where T : Engine.QueryRequest =>
        request with { Count = scope.Wanted - scope.Offset, Offset = scope.Offset, AllowPartial = scope.MayBePartial };

    private static (int Wanted, int Offset) Window(Wire.SearchRequest search)
    {
        long wanted = search.K == 0 ? SearchLimits.DefaultHits : search.K;
        if (wanted > SearchLimits.MaxHits)
        {
            throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, "k", $"{wanted} hits are asked for, at most {SearchLimits.MaxHits} are possible.", "Ask for fewer, or scroll.",
                actual: Refusal.Number(wanted), limit: $"{SearchLimits.MaxHits} hits");
        }
        // No more than so many hits of a query are fused.
        int window = search.SearchCase == Wire.SearchRequest.SearchOneofCase.Hybrid ? SearchLimits.MaxHits : SearchLimits.MaxWindow;
        return wanted + search.Offset <= window
            ? ((int)wanted, (int)search.Offset)
            : throw Refusal.Of(
                Wire.ErrorReason.Window, "offset", $"offset {search.Offset} and {wanted} hits reach beyond the window of {window}.",
                "Use Points.Scroll to read that deep.", actual: Refusal.Number(wanted + search.Offset), limit: $"{window} hits");
    }

    private static PointParts? Parts(Wire.ReturnFields? fields, CollectionSchema schema)
    {
        var parts = PointParts.Read(fields, schema, PointParts.Ids, "fields");
        return parts.HasVersion || parts.Parts is not { Attributes.Count: 0, Texts.Count: 0, Vectors.Count: 0 } ? parts : null;
    }
}
