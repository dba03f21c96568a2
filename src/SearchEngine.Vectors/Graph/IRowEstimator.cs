using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Estimates that come with an upper bound, for dropping rows before their codes are read.</summary>
internal interface IRowEstimator
{
    int Ahead { get; }

    void Prefetch(uint ordinal);

    /// <summary>Upper bounds of the scores of exactly four rows.</summary>
    void Bound(RowGroup rows, ScoreGroup highs);

    /// <summary>Upper bounds of the scores of the rows of a batch.</summary>
    /// <param name="rows">The batch.</param>
    /// <param name="from">The first of them; a multiple of 4.</param>
    void Bound(RowBatch rows, int from);
}
