using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Text;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>A search by words.</summary>
public sealed record TextSearchRequest : PostingSearchRequest
{
    /// <summary>Distinct words of a query.</summary>
    public const int MaxWords = 256;

    /// <summary>Characters of a query.</summary>
    public const int MaxLength = 65_536;
    public const double MaxWeight = 1000;

    /// <summary>A word that it repeats counts as often.</summary>
    public required string Query { get; init; }

    /// <summary>The text fields to look in and what each counts; null means all indexed ones alike.</summary>
    public IReadOnlyDictionary<string, double>? Fields { get; init; }

    /// <summary>How many of the words a document must have, in whichever of the fields.</summary>
    public WordMatch Match { get; init; }

    internal override IPostingQuery LookUp(View view) => WordParts.Of(view, TextQuery.Of(view.Schema, this));
}
