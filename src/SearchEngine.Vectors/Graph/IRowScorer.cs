using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Ranks rows against one query. Implemented by structs, so that the walk is compiled for each of them.</summary>
internal interface IRowScorer
{
    /// <summary>How many rows the walk keeps in flight: enough to hide memory latency, few enough to stay in the first cache.</summary>
    int Ahead { get; }

    void Prefetch(uint ordinal);

    /// <summary>Integer scores of exactly four rows; a greater score is closer.</summary>
    void Score(RowGroup rows, ScoreGroup scores);
}
