using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;

namespace SearchEngine.Collections.Sparse;

/// <summary>A query by a sparse vector that was checked against the schema.</summary>
/// <param name="Position">Of the vector in the schema's sparse ones.</param>
/// <param name="Vector">Ascending by dimension, without weights of 0.</param>
internal sealed record SparseQuery(int Position, SparseVector Vector)
{
    public static SparseQuery Of(CollectionSchema schema, SparseSearchRequest request)
    {
        request.Window.Check();
        int position = request.VectorName is null ? 0 : schema.SparseAt(request.VectorName);
        if (position < 0 || schema.SparseVectors.Count == 0)
        {
            throw new CollectionException(
                CollectionError.VectorUnknown, "vector_name",
                $"The collection has no sparse vector {(request.VectorName is null ? "at all" : $"\"{request.VectorName}\"")}.",
                schema.SparseVectors.Count == 0
                    ? "Search its other vectors, or its texts."
                    : $"Its sparse vectors are {string.Join(", ", schema.SparseVectors.Select(static v => v.Name))}.");
        }
        return new SparseQuery(position, request.Query.Normal("query"));
    }
}
