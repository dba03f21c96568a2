using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Search;

/// <summary>The query in its served forms: a dense vector, a text that becomes one, or the vector of a stored point.</summary>
internal static class QueryMap
{
    /// <summary>The vector that is searched: the named one, or the first.</summary>
    public static VectorSchema VectorOf(Wire.Query query, CollectionSchema schema)
    {
        FieldNotServed.When(query.KindCase == Wire.Query.KindOneofCase.Sparse, "query.sparse");
        FieldNotServed.When(query.KindCase == Wire.Query.KindOneofCase.Multi, "query.multi");
        FieldNotServed.When(query.KindCase == Wire.Query.KindOneofCase.Lexical, "query.lexical");
        if (query.KindCase == Wire.Query.KindOneofCase.None)
        {
            throw Refusal.Required("query.vector", "Set a vector, a text, or the id of a stored point.");
        }
        int at = query.VectorName.Length == 0 ? Math.Min(0, schema.Vectors.Count - 1) : schema.VectorAt(query.VectorName);
        return at >= 0
            ? schema.Vectors[at]
            : throw (query.VectorName.Length > 0
                ? Names.UnknownVector(query.VectorName, schema, "query.vector_name")
                : Refusal.Of(Wire.ErrorReason.VectorUnknown, "query.vector_name", "The collection has no vectors.", "Search a collection that has some.").With("vectors", ""));
    }

    /// <summary>A text to search with; null where the query is none.</summary>
    public static QueryText? TextOf(Wire.Query query, VectorSchema vector)
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

    /// <param name="visible">What the caller may see at all.</param>
    /// <returns>The values, and the point they were taken from; no values for a text, which is encoded when all else is checked.</returns>
    public static (ReadOnlyMemory<float> Values, DocumentId? Self) Read(Wire.Query query, VectorSchema vector, Collection collection, Filter visible)
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
        DocumentId id = IdMap.Read(query.Id, "query.id");
        var parts = new DocumentParts { Attributes = [], Texts = [], Vectors = [vector.Name] };
        Document? point = collection.Get([id], parts)[0];
        if (point is not null && !visible.IsEmpty)
        {
            var own = new Filter { Must = [new Condition.IdIn([id]), new Condition.Matches(visible)] };
            point = collection.Count(own) > 0 ? point : null;
        }
        if (point is null || !point.Vectors.TryGetValue(vector.Name, out ReadOnlyMemory<float> values))
        {
            throw Refusal.Of(
                Wire.ErrorReason.PointUnknown, "query.id",
                point is null ? $"There is no point {id}." : $"Point {id} has no vector \"{vector.Name}\".", "Use the id of a stored point that has the vector.", actual: id.ToString())
                .With("id", id.ToString());
        }
        return (values, id);
    }
}
