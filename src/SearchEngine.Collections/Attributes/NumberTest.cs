using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>The number lies in one of some ranges: equality, sets and ranges of all types that have <see cref="NumberKey"/>s.</summary>
internal sealed class NumberTest : ValueTest
{
    private readonly KeyRange[] _ranges;

    public NumberTest(IEnumerable<KeyRange> ranges, TestKind kind)
    {
        _ranges = KeyRange.Merge(ranges);
        Kind = kind;
    }

    /// <summary>Disjoint, ascending, not touching.</summary>
    public ReadOnlySpan<KeyRange> Ranges => _ranges;

    public override TestKind Kind { get; }

    public override bool IsEmpty => _ranges.Length == 0;

    public bool Holds(long key)
    {
        int low = 0;
        int high = _ranges.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_ranges[middle].High < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low < _ranges.Length && _ranges[low].Low <= key;
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
