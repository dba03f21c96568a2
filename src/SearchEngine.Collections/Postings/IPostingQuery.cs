using SearchEngine.Collections.Search;

namespace SearchEngine.Collections.Postings;

/// <summary>A query whose parts each have postings: its words, or its dimensions.</summary>
internal interface IPostingQuery
{
    /// <summary>Parts that any row of the view has.</summary>
    int Count { get; }

    /// <summary>Postings of all parts: about what a search reads at most.</summary>
    long Postings { get; }

    /// <summary>What no score lies outside of; null where nothing bounds them.</summary>
    ScoreBounds? Bounds { get; }

    /// <summary>By part, the group it belongs to, where a row must have a part of every group; null where any part will do.</summary>
    int[]? Groups { get; }

    /// <summary>How many groups there are, those that no row has among them.</summary>
    int GroupCount { get; }

    /// <summary>Cursors of one segment at the first row of each part that it has.</summary>
    IEnumerable<PostingCursor> Cursors(int source);
}
