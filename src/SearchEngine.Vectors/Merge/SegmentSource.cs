using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Merge;

/// <summary>An immutable segment with its tombstones, as a merge reads it.</summary>
internal sealed class SegmentSource : GraphSource
{
    private readonly MergeInput _input;
    private readonly SegmentParts _parts;
    private readonly VectorSegment _segment;

    public SegmentSource(MergeInput input)
    {
        input.Validate();
        _input = input;
        _segment = input.Segment;
        _parts = input.Segment.Parts;
        CountLive();
    }

    public override int Count => _parts.Count;

    public override Metric Metric => _parts.Metric;

    public override int Dimension => _parts.Dimension;

    public override int MaxLinks => _parts.MaxLinks;

    public override Calibration? Calibration => _parts.Calibration;

    public override TruthRows Truth => _segment.TruthRows;

    public override RowMemory? Codes => _parts.Codes;

    public override RowMemory? Corrections => _parts.Corrections;

    public override RowMemory? Norms => _parts.Norms;

    public override int LevelOf(uint ordinal)
    {
        int level = 0;
        while (level < _parts.LevelCounts.Count && ordinal < (uint)_parts.LevelCounts[level])
        {
            level++;
        }
        return level;
    }

    public override ReadOnlySpan<uint> Links(int level, uint ordinal) =>
        (level == 0 ? _segment.BaseLinks : _segment.UpperLinks(level)).Links(ordinal);

    public override bool IsLive(uint ordinal) => _input.Dead.IsEmpty
        || (_input.Dead.Span[(int)(ordinal >> 6)] >> (int)(ordinal & 63) & 1) == 0;

    public override uint SourceOf(uint ordinal) =>
        _input.Sources.IsEmpty ? _segment.SourceRow(ordinal) : _input.Sources.Span[(int)ordinal];
}
