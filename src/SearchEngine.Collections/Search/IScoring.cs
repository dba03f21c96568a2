using SearchEngine.Vectors.Graph;

namespace SearchEngine.Collections.Search;

/// <summary>What differs between searches: how the matches of a segment are scored, and what there is to say of it. It has checked the
/// request, and serves one search on one thread.</summary>
internal interface IScoring
{
    /// <summary>The best of the segments searched so far, the best first; those to be skipped are among them.</summary>
    IReadOnlyList<Hit> Best { get; }

    /// <summary>Rows scored so far, by what the ceiling of a request counts.</summary>
    long Scored { get; }

    /// <summary>What no score lies outside of; null where nothing bounds them.</summary>
    ScoreBounds? Bounds { get; }

    /// <summary>The recall of a search that left nothing undone.</summary>
    RecallEstimate Recall { get; }

    /// <summary>Adds the best matches of a segment, which has one at least. It may leave out what cannot be among the best any more.</summary>
    /// <returns>Why it ended.</returns>
    SearchEnd Search(in SegmentTurn turn);

    SearchPlan Plan(long matches, int segments);
}
