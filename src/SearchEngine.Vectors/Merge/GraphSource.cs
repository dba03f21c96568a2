using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Merge;

/// <summary>Rows and graph that a merge reads from: an immutable segment, or a live one that is sealed.</summary>
internal abstract class GraphSource
{
    public abstract int Count { get; }

    public abstract Metric Metric { get; }

    public abstract int Dimension { get; }

    public abstract int MaxLinks { get; }

    /// <summary>Null when there are no codes and no graph.</summary>
    public abstract Calibration? Calibration { get; }

    public abstract TruthRows Truth { get; }

    public abstract RowMemory? Codes { get; }

    public abstract RowMemory? Corrections { get; }

    /// <summary>Length of each row before it was normalised; read for cosine only.</summary>
    public abstract RowMemory? Norms { get; }

    public int LiveCount { get; private set; }

    public abstract int LevelOf(uint ordinal);

    public abstract ReadOnlySpan<uint> Links(int level, uint ordinal);

    public abstract bool IsLive(uint ordinal);

    /// <summary>The caller's number of a row.</summary>
    public abstract uint SourceOf(uint ordinal);

    public void CountLive()
    {
        int live = 0;
        for (uint ordinal = 0; ordinal < (uint)Count; ordinal++)
        {
            live += IsLive(ordinal) ? 1 : 0;
        }
        LiveCount = live;
    }
}
