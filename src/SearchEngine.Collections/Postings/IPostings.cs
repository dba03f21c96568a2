namespace SearchEngine.Collections.Postings;

/// <summary>The rows that have something, ascending, each with a number: how often it has a word, or the weight of a dimension. Places
/// are 0 to <see cref="Count"/>.</summary>
internal interface IPostings
{
    int Count { get; }

    uint RowAt(int place);

    /// <summary>The number of the row; what it means is its scorer's knowledge.</summary>
    uint ValueAt(int place);

    /// <summary>The first place from a given one on whose row is not before a row.</summary>
    int FirstAtLeast(uint row, int from);

    /// <summary>The run that a place belongs to.</summary>
    PostingRun RunOf(int place);
}
