using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Estimates that come with an upper bound, for dropping rows before their codes are read.</summary>
internal interface IRowEstimator
{
    int Ahead { get; }

    void Prefetch(uint ordinal);

    /// <summary>Upper bounds of the scores of exactly four rows.</summary>
    void Bound(RowGroup rows, ScoreGroup highs);

    /// <summary>Upper bounds of the scores of a batch of rows.</summary>
    void Bound(RowBatch rows);
}
