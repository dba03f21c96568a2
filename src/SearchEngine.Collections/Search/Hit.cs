using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Search;

/// <summary>A document that was found. A greater score is closer.</summary>
public readonly record struct Hit(DocumentId Id, float Score)
{
    /// <summary>Where the document stands in the view that found it.</summary>
    internal Views.RowAddress Row { get; init; }
}
