using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>A search by a sparse vector. Hits are documents that have one of its dimensions at least, by dot product.</summary>
public sealed record SparseSearchRequest : PostingSearchRequest
{
    /// <summary>The sparse vector to search; null means the first.</summary>
    public string? VectorName { get; init; }

    public required SparseVector Query { get; init; }

    internal override IPostingQuery LookUp(View view) => WeightParts.Of(view, SparseQuery.Of(view.Schema, this));
}
