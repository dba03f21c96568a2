using System.Globalization;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Spaces;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>Queries by a vector: a dense one, a text that becomes one, or the vector of a stored point.</summary>
internal static class QueryMap
{
    public const string ComponentName = "dense";

    /// <summary>About the breadth that a target recall takes.</summary>
    private const int BreadthOfTarget = 100;

    /// <returns>The whole request, of which a hybrid search takes the query alone; and the point it is, which is no hit of it.</returns>
    public static (Engine.SearchRequest Request, SearchComponent Component, DocumentId? Self) Read(Wire.Query query, in SearchScope scope)
    {
        VectorSchema vector = VectorOf(query, scope.Collection.Schema);
        QueryText? text = TextOf(query, vector);
        (ReadOnlyMemory<float> values, DocumentId? self) = ValuesOf(query, vector, scope);
        Wire.WalkOptions? walk = scope.Search.Walk;
        var request = new Engine.SearchRequest
        {
            VectorName = vector.Name,
            Query = values,
            Accuracy = AccuracyMap.Read(scope.Search.Accuracy),
            WalkDimension = walk is { WalkDimension: > 0 } ? Dimension(walk.WalkDimension, "walk.walk_dimension") : null,
            RescoreDimension = walk is { RescoreDimension: > 0 } ? Dimension(walk.RescoreDimension, "walk.rescore_dimension") : null,
            Oversampling = Oversampling(walk),
            ByCodes = IsByCodes(scope),
            Count = scope.Wanted - scope.Offset,
            Offset = scope.Offset,
            Filter = self is { } id ? SearchMap.Without(scope.Filter, id) : scope.Filter,
            MinScore = scope.Search.HasMinScore ? SearchMap.Threshold(scope.Search.MinScore, "min_score") : null,
            AllowPartial = scope.MayBePartial,
        };
        var component = new SearchComponent { Name = ComponentName, Vector = vector, Text = text, Shape = Shape(scope, vector, request) };
        return (request, component, self);
    }

    // The named one, or the first.
    private static VectorSchema VectorOf(Wire.Query query, CollectionSchema schema)
    {
        if (query.KindCase == Wire.Query.KindOneofCase.None)
        {
            throw Refusal.Required("query.vector", "Set a vector, a text, words, or the id of a stored point.");
        }
        int at = query.VectorName.Length == 0 ? Math.Min(0, schema.Vectors.Count - 1) : schema.VectorAt(query.VectorName);
        return at >= 0
            ? schema.Vectors[at]
            : throw (query.VectorName.Length > 0
                ? Names.UnknownVector(query.VectorName, schema, "query.vector_name")
                : Refusal.Of(Wire.ErrorReason.VectorUnknown, "query.vector_name", "The collection has no vectors.", "Search its words, or a collection that has some.").With("vectors", ""));
    }

    private static QueryText? TextOf(Wire.Query query, VectorSchema vector)
    {
        if (query.KindCase != Wire.Query.KindOneofCase.Text)
        {
            return null;
        }
        if (query.Origin is not null)
        {
            // The server encodes it; a caller that states a space all the same expects it to be that one.
            SpaceGuard.CheckQuery(vector, query.Origin, "query.origin");
        }
        return QueryText.Read(query.Text, "query.text");
    }

    /// <returns>The values, and the point they were taken from; no values for a text, which is encoded when all else is checked.</returns>
    private static (ReadOnlyMemory<float> Values, DocumentId? Self) ValuesOf(Wire.Query query, VectorSchema vector, in SearchScope scope)
    {
        if (query.KindCase == Wire.Query.KindOneofCase.Vector)
        {
            SpaceGuard.CheckQuery(vector, query.Origin, "query.origin");
            return (VectorMap.ReadInPlace(query.Vector, vector, "query.vector"), null);
        }
        if (query.KindCase == Wire.Query.KindOneofCase.Text)
        {
            return default;
        }
        (Document point, DocumentId id) = PointOf(query, vector.Name, static (document, name) => document.Vectors.ContainsKey(name), scope);
        return (point.Vectors[vector.Name], id);
    }

    /// <summary>The stored point that a query names, with the vector it is to search by.</summary>
    /// <exception cref="Rpc.RpcException">POINT_UNKNOWN: there is none that the caller may see, or it lacks the vector.</exception>
    public static (Document Point, DocumentId Id) PointOf(Wire.Query query, string vector, Func<Document, string, bool> has, in SearchScope scope)
    {
        DocumentId id = IdMap.Read(query.Id, "query.id");
        var parts = new DocumentParts { Attributes = [], Texts = [], Vectors = [vector] };
        Document? point = scope.Collection.Get([id], parts)[0];
        if (point is not null && !scope.Visible.IsEmpty)
        {
            var own = new Filter { Must = [new Condition.IdIn([id]), new Condition.Matches(scope.Visible)] };
            point = scope.Collection.Count(own) > 0 ? point : null;
        }
        return point is not null && has(point, vector)
            ? (point, id)
            : throw Refusal.Of(
                Wire.ErrorReason.PointUnknown, "query.id",
                point is null ? $"There is no point {id}." : $"Point {id} has no vector \"{vector}\".", "Use the id of a stored point that has the vector.", actual: id.ToString())
                .With("id", id.ToString());
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

    // Refused beside what it contradicts, instead of being silently stronger or weaker.
    private static bool IsByCodes(in SearchScope scope)
    {
        Wire.WalkOptions? walk = scope.Search.Walk;
        if (walk is null || walk.Rescoring is Wire.Rescoring.Unspecified or Wire.Rescoring.Exact)
        {
            return false;
        }
        if (walk.Rescoring != Wire.Rescoring.None)
        {
            throw Refusal.Invalid("walk.rescoring", "There is no such value.", "Use a value of Rescoring.", Refusal.Number((int)walk.Rescoring));
        }
        if ((AccuracyMap.Read(scope.Search.Accuracy) ?? scope.Collection.Settings.Accuracy).IsExact)
        {
            throw Refusal.Invalid("walk.rescoring", "An exact search scores by the stored vectors.", "State a target recall or a breadth, or leave rescoring unset.");
        }
        return walk is { RescoreDimension: 0, Oversampling: 0 }
            ? true
            : throw Refusal.Invalid("walk.rescoring", "Nothing is rescored, but how to rescore is stated.", "Leave rescore_dimension and oversampling unset.");
    }

    private static SearchShape Shape(in SearchScope scope, VectorSchema vector, Engine.SearchRequest request)
    {
        Engine.Accuracy accuracy = request.Accuracy ?? scope.Collection.Settings.Accuracy;
        ShapeKind kind = accuracy.IsExact ? ShapeKind.Exact : scope.Filter.IsEmpty ? ShapeKind.Walk : ShapeKind.Filtered;
        return new SearchShape(
            scope.Collection.Name, kind, scope.Collection.DocumentCount, vector.Dimension, accuracy.Breadth > 0 ? accuracy.Breadth : BreadthOfTarget, scope.Wanted);
    }
}
