using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>A search that goes through postings: by words, or by the dimensions of a sparse vector. It is always exact.</summary>
public abstract record PostingSearchRequest : QueryRequest
{
    /// <summary>Only hits whose score is at least this.</summary>
    public float? MinScore { get; init; }

    internal override HitWindow Window => base.Window with { MinScore = MinScore };

    /// <summary>Checks what is searched for and looks it up in a view.</summary>
    /// <exception cref="CollectionException">The schema does not have it, or a limit is surpassed.</exception>
    internal abstract IPostingQuery LookUp(View view);
}
