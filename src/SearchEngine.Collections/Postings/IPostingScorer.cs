namespace SearchEngine.Collections.Postings;

/// <summary>What a posting is worth to a query.</summary>
internal interface IPostingScorer
{
    /// <summary>What a posting adds to the score of its row; may be below 0.</summary>
    double Score(uint row, uint value);

    /// <summary>What no row surpasses by a run: at least 0, because a row may not be in it. Carries an allowance for bounds being
    /// summed in another order than scores.</summary>
    double Bound(in PostingRun run);
}
