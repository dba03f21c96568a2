using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>A search that goes through postings: by words, or by the dimensions of a sparse vector. It is always exact.</summary>
public abstract record PostingSearchRequest : QueryRequest
{
    /// <summary>What to do about conditions that no index can answer.</summary>
    public UnindexedFilter Unindexed { get; init; }

    /// <summary>Only hits whose score is at least this.</summary>
    public float? MinScore { get; init; }

    /// <summary>Checks what is searched for, once.</summary>
    /// <returns>Looks it up in a view.</returns>
    /// <exception cref="CollectionException">The schema does not have it, or a limit is surpassed.</exception>
    internal abstract Func<View, IPostingQuery> Prepare(CollectionSchema schema);

    internal void CheckWindow()
    {
        HitWindow.Check(Count, Offset);
        if (MinScore is float least && !float.IsFinite(least))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "min_score", "The least score is not finite.", "Leave it out or give a number.");
        }
    }
}
