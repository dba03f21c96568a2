using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Spaces;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>Queries by a sparse vector: one that is sent, or that of a stored point.</summary>
internal static class SparseMap
{
    public const string ComponentName = "sparse";

    /// <summary>Whether a query is one of a sparse vector: by its form, or because it names one, or where the collection has no other.</summary>
    public static bool IsSparse(Wire.Query query, CollectionSchema schema) => query.KindCase == Wire.Query.KindOneofCase.Sparse
        || (query.KindCase is Wire.Query.KindOneofCase.Text or Wire.Query.KindOneofCase.Id && schema.SparseVectors.Count > 0
            && (query.VectorName.Length > 0 ? schema.SparseAt(query.VectorName) >= 0 : schema.Vectors.Count == 0));

    /// <returns>The query without count, filter and threshold, which are the search's; and the point it is, which is no hit of it.</returns>
    public static (Engine.SparseSearchRequest Request, SearchComponent Component, DocumentId? Self) Read(Wire.Query query, in SearchScope scope)
    {
        SparseSchema sparse = Named(scope.Collection.Schema, query.VectorName);
        (SparseVector vector, DocumentId? self) = VectorOf(query, sparse, scope);
        var request = new Engine.SparseSearchRequest { VectorName = sparse.Name, Query = vector };
        using PinnedView view = scope.Collection.Pin();
        var shape = new SearchShape(scope.Collection.Name, ShapeKind.Weights, scope.Filter.IsEmpty ? 0 : scope.Collection.DocumentCount, 0, 0, scope.Wanted)
        {
            Postings = view.CountPostings(request),
        };
        return (request, new SearchComponent { Name = ComponentName, Sparse = sparse, Shape = shape }, self);
    }

    private static (SparseVector Vector, DocumentId? Self) VectorOf(Wire.Query query, SparseSchema sparse, in SearchScope scope)
    {
        if (query.KindCase == Wire.Query.KindOneofCase.Sparse)
        {
            SpaceGuard.CheckQuery(sparse, query.Origin, "query.origin");
            return (SparseVectorMap.Read(query.Sparse, "query.sparse"), null);
        }
        if (query.KindCase == Wire.Query.KindOneofCase.Text)
        {
            throw TextUnsupported(sparse);
        }
        (Document point, DocumentId id) = QueryMap.PointOf(query, sparse.Name, static (document, name) => document.SparseVectors.ContainsKey(name), scope);
        return (point.SparseVectors[sparse.Name], id);
    }

    private static SparseSchema Named(CollectionSchema schema, string name)
    {
        int at = name.Length == 0 ? Math.Min(0, schema.SparseVectors.Count - 1) : schema.SparseAt(name);
        return at >= 0 ? schema.SparseVectors[at]
            : name.Length > 0 ? throw Names.UnknownVector(name, schema, "query.vector_name")
            : throw Names.WithVectors(
                Refusal.Of(
                    Wire.ErrorReason.VectorUnknown, "query.vector_name", "The collection has no sparse vector.",
                    "Search by something else, or a collection that has one."),
                schema);
    }

    private static Rpc.RpcException TextUnsupported(SparseSchema sparse) => Refusal.Of(
            Wire.ErrorReason.OutputUnsupported, "query.text", $"Vector \"{sparse.Name}\" is a sparse one, and this server encodes texts as dense vectors.",
            "Encode the text with OUTPUT_KIND_SPARSE on the query side, and send query.sparse.")
        .With("model", BoundSpace.Of(sparse)?.Binding.Encoder?.Name ?? "").With("outputs", nameof(Wire.OutputKind.Dense));
}
