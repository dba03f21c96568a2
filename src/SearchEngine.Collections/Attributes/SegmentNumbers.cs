using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Integers, floats, bools or timestamps of a segment: the dictionary is the ascending keys.</summary>
internal sealed class SegmentNumbers : SegmentColumn
{
    private readonly MappedArray<long> _keys;

    public SegmentNumbers(SectionFile file, int position, CodeIndex index, bool isArray)
        : base(index, isArray)
    {
        _keys = file.Array<long>(ColumnSections.Of(position, ColumnSections.Values));
        if (_keys.Length != index.Codes)
        {
            throw StorageErrors.Damaged(file.Path, $"column {position} has {_keys.Length} values for {index.Codes} codes");
        }
    }

    protected override SortKey KeyOf(int code) => new(_keys[code]);

    protected override int FirstAtLeast(SortKey key) => SortedSearch.FirstAtLeast(_keys.Span, key.Number);

    protected override List<CodeRange> CodesOf(ValueTest test)
    {
        ReadOnlySpan<long> keys = _keys.Span;
        var codes = new List<CodeRange>();
        foreach (KeyRange range in ((NumberTest)test).Ranges)
        {
            int first = SortedSearch.FirstAtLeast(keys, range.Low);
            int end = range.High == long.MaxValue ? keys.Length : SortedSearch.FirstAtLeast(keys, range.High + 1);
            CodeRange.Append(codes, first, end);
        }
        return codes;
    }
}
