using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Spaces;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>Late interaction: as a query of its own, which scores every match, and as the second stage of a search.</summary>
internal static class MultiMap
{
    public const string ComponentName = "multi";
    public const string LateName = "late_interaction";

    private const int DefaultFactor = 10;
    private const string Path = "query.multi";

    /// <summary>Whether a query is one of a multi vector: by its form, or because it names one, or where the collection has no other.</summary>
    public static bool IsMulti(Wire.Query query, CollectionSchema schema) => query.KindCase == Wire.Query.KindOneofCase.Multi
        || (query.KindCase is Wire.Query.KindOneofCase.Text or Wire.Query.KindOneofCase.Id && schema.MultiVectors.Count > 0
            && (query.VectorName.Length > 0 ? schema.MultiAt(query.VectorName) >= 0 : schema.Vectors.Count == 0 && schema.SparseVectors.Count == 0));

    /// <returns>The query without count, filter and threshold, which are the search's; and the point it is, which is no hit of it.</returns>
    public static (Engine.MultiSearchRequest Request, SearchComponent Component, DocumentId? Self) Read(Wire.Query query, in SearchScope scope)
    {
        MultiSchema multi = Named(scope.Collection.Schema, query.VectorName, "query.vector_name");
        (MultiVector rows, DocumentId? self) = RowsOf(query, multi, scope);
        var component = new SearchComponent { Name = ComponentName, Multi = multi, Shape = Shape(scope, multi, rows, Share(scope)) };
        return (new Engine.MultiSearchRequest { VectorName = multi.Name, Query = rows }, component, self);
    }

    /// <returns>Null for a search of one stage.</returns>
    public static (Engine.LateInteraction Late, SearchComponent Component)? ReadLate(in SearchScope scope, int wanted)
    {
        if (scope.Search.LateInteraction is not { } late)
        {
            return null;
        }
        MultiSchema multi = Named(scope.Collection.Schema, late.VectorName, $"{LateName}.vector_name");
        if (late.Query is null)
        {
            throw scope.Search.Query?.KindCase == Wire.Query.KindOneofCase.Text
                ? TextUnsupported(multi, $"{LateName}.query")
                : Refusal.Required($"{LateName}.query", "Send a row per token of the query.");
        }
        if (late.Candidates > Engine.SearchRequest.MaxHits)
        {
            throw Refusal.Limit($"{LateName}.candidates", late.Candidates, Engine.SearchRequest.MaxHits, "candidates", "Score fewer.");
        }
        if (late.Candidates > 0 && late.Candidates < wanted)
        {
            throw Refusal.Invalid(
                $"{LateName}.candidates", "There are fewer candidates than hits.", "Score at least as many as hits, or leave it unset.",
                Refusal.Number(late.Candidates), $"at least {wanted}");
        }
        if (scope.Wanted > Engine.SearchRequest.MaxHits)
        {
            throw Refusal.Of(
                Wire.ErrorReason.Window, "offset", $"offset and k reach beyond the {Engine.SearchRequest.MaxHits} candidates of late interaction.",
                "Use Points.Scroll to read that deep.", actual: Refusal.Number(scope.Wanted), limit: $"{Engine.SearchRequest.MaxHits} hits");
        }
        SpaceGuard.CheckQuery(multi, late.Origin, $"{LateName}.origin");
        MultiVector rows = Rows(late.Query, multi, $"{LateName}.query");
        int candidates = late.Candidates > 0 ? (int)late.Candidates : Math.Clamp(DefaultFactor * wanted, scope.Wanted, Engine.SearchRequest.MaxHits);
        double share = Math.Min(1, (double)Math.Max(candidates, scope.Wanted) / Math.Max(1, scope.Collection.DocumentCount));
        return (
            new Engine.LateInteraction { VectorName = multi.Name, Query = rows, Candidates = candidates },
            new SearchComponent { Name = LateName, Multi = multi, Shape = Shape(scope, multi, rows, share) });
    }

    private static (MultiVector Rows, DocumentId? Self) RowsOf(Wire.Query query, MultiSchema multi, in SearchScope scope)
    {
        if (query.KindCase == Wire.Query.KindOneofCase.Multi)
        {
            SpaceGuard.CheckQuery(multi, query.Origin, "query.origin");
            return (Rows(query.Multi, multi, Path), null);
        }
        if (query.KindCase == Wire.Query.KindOneofCase.Text)
        {
            throw TextUnsupported(multi, "query.text");
        }
        (Document point, DocumentId id) = QueryMap.PointOf(query, multi.Name, static (document, name) => document.MultiVectors.ContainsKey(name), scope);
        MultiVector rows = point.MultiVectors[multi.Name];
        return rows.Rows <= MultiSchema.MaxQueryRows
            ? (rows, id)
            : throw Refusal.Limit("query.id", rows.Rows, MultiSchema.MaxQueryRows, "rows", "Send some of the point's rows as query.multi.");
    }

    private static Rpc.RpcException TextUnsupported(MultiSchema multi, string path) => Refusal.Of(
            Wire.ErrorReason.OutputUnsupported, path, "This server encodes texts as dense vectors, not as rows per token.",
            "Encode the text with OUTPUT_KIND_MULTI on the query side, and send its rows.")
        .With("model", BoundSpace.Of(multi)?.Binding.Encoder?.Name ?? "").With("outputs", nameof(Wire.OutputKind.Dense));

    private static MultiSchema Named(CollectionSchema schema, string name, string path)
    {
        int at = name.Length == 0 ? Math.Min(0, schema.MultiVectors.Count - 1) : schema.MultiAt(name);
        return at >= 0 ? schema.MultiVectors[at]
            : name.Length > 0 ? throw Names.UnknownVector(name, schema, path)
            : throw Names.WithVectors(
                Refusal.Of(Wire.ErrorReason.VectorUnknown, path, "The collection has no multi vector.", "Search by something else, or a collection that has one."),
                schema);
    }

    private static MultiVector Rows(Wire.MultiVector sent, MultiSchema multi, string path)
    {
        MultiVector rows = MultiVectorMap.Read(sent, path);
        return rows.Dimension != multi.Dimension
            ? throw Refusal.Of(
                Wire.ErrorReason.DimensionMismatch, path,
                $"The rows have {rows.Dimension} elements, vector \"{multi.Name}\" of the collection has {multi.Dimension}.",
                "Send rows of the collection's encoder.", Refusal.Number(multi.Dimension), Refusal.Number(rows.Dimension))
            : rows.Rows > MultiSchema.MaxQueryRows
                ? throw Refusal.Limit(path, rows.Rows, MultiSchema.MaxQueryRows, "rows", "Send fewer rows.")
                : rows;
    }

    // What an exact scan looks at, from statistics.
    private static double Share(in SearchScope scope)
    {
        long documents = scope.Collection.DocumentCount;
        return scope.Filter.IsEmpty || documents == 0 ? 1 : Math.Min(1, (double)scope.Collection.EstimateCount(scope.Filter) / documents);
    }

    private static SearchShape Shape(in SearchScope scope, MultiSchema multi, MultiVector query, double share)
    {
        using PinnedView view = scope.Collection.Pin();
        long documents = scope.Filter.IsEmpty ? 0 : scope.Collection.DocumentCount;
        return new SearchShape(scope.Collection.Name, ShapeKind.Tokens, documents, multi.Dimension, 0, scope.Wanted)
        {
            Products = (long)(view.CountRows(multi.Name) * share * query.Rows),
        };
    }
}
