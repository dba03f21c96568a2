using System.Globalization;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>Searches of the contract in the engine's words. What is served neither wholly nor at all is refused by name.</summary>
internal static class SearchMap
{
    /// <summary>About the breadth that a target recall takes.</summary>
    private const int BreadthOfTarget = 100;

    /// <param name="search">The search; its header was read already.</param>
    /// <param name="collection">What it names.</param>
    /// <param name="restrict">Adds the filter of the caller's key.</param>
    public static SearchOrder Read(Wire.SearchRequest search, Collection collection, Func<Filter, Filter> restrict)
    {
        // One by one: looking fields up by their names makes a string for each, in every search.
        FieldNotServed.When(search.SearchCase == Wire.SearchRequest.SearchOneofCase.Hybrid, "hybrid");
        FieldNotServed.When(search.Grouping is not null, "grouping");
        FieldNotServed.When(search.Diversity is not null, "diversity");
        FieldNotServed.When(search.LateInteraction is not null, "late_interaction");
        FieldNotServed.When(search.Walk?.Rescoring == Wire.Rescoring.None, "walk.rescoring");
        FieldNotServed.When(search.Fields?.Details.Contains(Wire.Detail.Passage) == true, "fields.details");
        if (search.SearchCase == Wire.SearchRequest.SearchOneofCase.None)
        {
            throw Refusal.Required("query", "Set query with a vector, a text, or the id of a stored point.");
        }
        (int wanted, int offset) = Window(search);
        VectorSchema vector = QueryMap.VectorOf(search.Query, collection.Schema);
        QueryText? text = QueryMap.TextOf(search.Query, vector);
        Filter filter = restrict(FilterMap.Read(search.Filter, "filter"));
        // A server-side filter hides points from queries by id as well: who may not see one may not search with it.
        (ReadOnlyMemory<float> query, DocumentId? self) = QueryMap.Read(search.Query, vector, collection, restrict(Filter.All));
        var request = new Engine.SearchRequest
        {
            VectorName = vector.Name,
            Query = query,
            Count = wanted,
            Offset = offset,
            Filter = self is { } id ? Without(filter, id) : filter,
            Accuracy = AccuracyMap.Read(search.Accuracy),
            WalkDimension = search.Walk is { WalkDimension: > 0 } walk ? Dimension(walk.WalkDimension, "walk.walk_dimension") : null,
            RescoreDimension = search.Walk is { RescoreDimension: > 0 } rescore ? Dimension(rescore.RescoreDimension, "walk.rescore_dimension") : null,
            Oversampling = Oversampling(search.Walk),
            MinScore = MinScore(search),
            AllowPartial = search.Budget?.OnExpiry == Wire.PartialPolicy.Allow,
        };
        return new SearchOrder
        {
            Request = request,
            Vector = vector,
            Text = text,
            Parts = Parts(search.Fields, collection.Schema),
            HasComponents = search.Fields?.Details.Contains(Wire.Detail.Components) == true,
            Shape = Shape(collection, vector, request),
            Budget = search.Budget is { TimeMicros: > 0 } budget ? TimeSpan.FromMicroseconds(budget.TimeMicros) : null,
        };
    }

    private static (int Wanted, int Offset) Window(Wire.SearchRequest search)
    {
        long wanted = search.K == 0 ? SearchLimits.DefaultHits : search.K;
        if (wanted > SearchLimits.MaxHits)
        {
            throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, "k", $"{wanted} hits are asked for, at most {SearchLimits.MaxHits} are possible.", "Ask for fewer, or scroll.",
                actual: Refusal.Number(wanted), limit: $"{SearchLimits.MaxHits} hits");
        }
        return wanted + search.Offset <= SearchLimits.MaxWindow
            ? ((int)wanted, (int)search.Offset)
            : throw Refusal.Of(
                Wire.ErrorReason.Window, "offset", $"offset {search.Offset} and {wanted} hits reach beyond the window of {SearchLimits.MaxWindow}.",
                "Use Points.Scroll to read that deep.", actual: Refusal.Number(wanted + search.Offset), limit: $"{SearchLimits.MaxWindow} hits");
    }

    private static int Dimension(uint dimension, string path) => dimension <= VectorMap.MaxDimension
        ? (int)dimension
        : throw Refusal.Limit(path, dimension, VectorMap.MaxDimension, "dimensions", "Use an allowed dimension of the vector.");

    // Written so that NaN is refused.
    private static float? Oversampling(Wire.WalkOptions? walk) => walk is null or { Oversampling: 0 }
        ? null
        : walk.Oversampling is >= 1 and <= SearchLimits.MaxOversampling
            ? walk.Oversampling
            : throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, "walk.oversampling", "An oversampling factor lies between 1 and 64.", "Use a factor in this range.",
                actual: walk.Oversampling.ToString(CultureInfo.InvariantCulture), limit: "1 to 64");

    private static float? MinScore(Wire.SearchRequest search) => !search.HasMinScore
        ? null
        : float.IsFinite(search.MinScore)
            ? search.MinScore
            : throw Refusal.Invalid("min_score", "The least score is not finite.", "Leave it unset or send a number.", search.MinScore.ToString(CultureInfo.InvariantCulture));

    private static Filter Without(Filter filter, DocumentId self) => filter with { MustNot = [.. filter.MustNot, new Condition.IdIn([self])] };

    private static PointParts? Parts(Wire.ReturnFields? fields, CollectionSchema schema)
    {
        var parts = PointParts.Read(fields, schema, PointParts.Ids, "fields");
        return parts.HasVersion || parts.Parts is not { Attributes.Count: 0, Texts.Count: 0, Vectors.Count: 0 } ? parts : null;
    }

    private static SearchShape Shape(Collection collection, VectorSchema vector, Engine.SearchRequest request)
    {
        Engine.Accuracy accuracy = request.Accuracy ?? collection.Settings.Accuracy;
        ShapeKind kind = accuracy.IsExact ? ShapeKind.Exact : request.Filter.IsEmpty ? ShapeKind.Walk : ShapeKind.Filtered;
        return new SearchShape(
            collection.Name, kind, collection.DocumentCount, vector.Dimension, accuracy.Breadth > 0 ? accuracy.Breadth : BreadthOfTarget, request.Count + request.Offset);
    }
}
