using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Scores many rows at once, for scans.</summary>
internal interface IBatchScorer
{
    /// <summary>Integer scores of a batch of rows, those of <see cref="IRowScorer"/>.</summary>
    void Score(RowBatch rows);
}
