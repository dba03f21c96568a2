using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Merge;

/// <summary>A sealed live segment as a freeze reads it. Rows that die meanwhile are in the result all the same.</summary>
internal sealed class LiveSource : GraphSource
{
    private readonly LiveSegment _segment;
    private readonly LiveIndex? _index;
    private readonly ulong[] _dead;

    /// <param name="dead">More dead rows, one bit per ordinal; empty: none but the killed ones.</param>
    public LiveSource(LiveSegment segment, ReadOnlySpan<ulong> dead)
    {
        int words = (segment.Count + 63) / 64;
        if (!dead.IsEmpty && dead.Length != words)
        {
            throw new ArgumentException($"{segment.Count} rows need {words} words of tombstones, not {dead.Length}.", nameof(dead));
        }
        _segment = segment;
        _index = segment.Index is { HasEntry: true } index ? index : null;
        _dead = segment.Rows.Dead.Words.ToArray();
        for (int i = 0; i < dead.Length; i++)
        {
            _dead[i] |= dead[i];
        }
        Count = segment.Count;
        CountLive();
    }

    public override int Count { get; }

    public override Metric Metric => _segment.Metric;

    public override int Dimension => _segment.Dimension;

    public override int MaxLinks => _segment.Options.Graph.MaxLinks;

    public override Calibration? Calibration => _index?.Encoded.Calibration;

    public override TruthRows Truth => _segment.Rows.Truth;

    public override RowMemory? Codes => _index?.Codes;

    public override RowMemory? Corrections => _index?.Corrections;

    public override RowMemory? Norms => _segment.Rows.Lengths;

    public override int LevelOf(uint ordinal) => _index!.LevelOf(ordinal);

    public override ReadOnlySpan<uint> Links(int level, uint ordinal) => _index!.Levels[level].Links(ordinal);

    public override bool IsLive(uint ordinal) => (_dead[ordinal >> 6] >> (int)(ordinal & 63) & 1) == 0;

    public override uint SourceOf(uint ordinal) => _segment.SourceRow(ordinal);
}
