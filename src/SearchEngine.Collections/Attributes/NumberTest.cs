using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>The number lies in one of some ranges: equality, sets and ranges of all types that have <see cref="NumberKey"/>s.</summary>
internal sealed class NumberTest : ValueTest
{
    private readonly KeyRange[] _ranges;
    private readonly long[] _lows;

    public NumberTest(IEnumerable<KeyRange> ranges, TestKind kind)
    {
        _ranges = KeyRange.Merge(ranges);
        _lows = Array.ConvertAll(_ranges, static r => r.Low);
        Kind = kind;
    }

    /// <summary>Disjoint, ascending, not touching.</summary>
    public ReadOnlySpan<KeyRange> Ranges => _ranges;

    public override TestKind Kind { get; }

    public override bool IsEmpty => _ranges.Length == 0;

    public bool Holds(long key)
    {
        // The last range that begins at or below the key, without branches that could be mispredicted.
        int at = 0;
        for (int left = _lows.Length; left > 1;)
        {
            int half = left >> 1;
            at += half & -(_lows[at + half] <= key ? 1 : 0);
            left -= half;
        }
        return _ranges.Length > 0 && _ranges[at].Low <= key && key <= _ranges[at].High;
    }

    public override bool Holds(AttributeType type, scoped in BodyItem item) => Holds(NumberKey.Of(type, item));

    public override ValueTest UnionOf(IReadOnlyList<ValueTest> tests) => tests.Count == 1
        ? tests[0]
        : new NumberTest(tests.SelectMany(static t => ((NumberTest)t)._ranges), tests.Max(static t => t.Kind));

    public override void WriteTo(BinaryWriter writer)
    {
        writer.Write(_ranges.Length);
        foreach (KeyRange range in _ranges)
        {
            writer.Write(range.Low);
            writer.Write(range.High);
        }
    }
}
