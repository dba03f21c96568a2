using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;

namespace SearchEngine.Collections.Reading;

/// <summary>Which documents to read, in which order.</summary>
public sealed record ScrollRequest
{
    public Filter Filter { get; init; } = Filter.All;

    public DocumentParts Parts { get; init; } = DocumentParts.Content;

    /// <summary>A single-valued attribute to order by, ties by id; null: an order that is the same for every scroll of one view.</summary>
    public string? OrderBy { get; init; }

    /// <summary>The greatest first. Documents without a value come last either way.</summary>
    public bool IsDescending { get; init; }

    /// <summary>One of <see cref="SliceCount"/> disjoint parts, from 0, for reading in parallel.</summary>
    public int Slice { get; init; }

    public int SliceCount { get; init; } = 1;
}
