using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Keywords of a segment: the dictionary is the texts, ascending by their UTF-8 bytes.</summary>
internal sealed class SegmentKeywords : SegmentColumn
{
    private readonly string _path;
    private readonly MappedArray<long> _ends;
    private readonly LargeSection _texts;

    public SegmentKeywords(SectionFile file, int position, CodeIndex index, bool isArray)
        : base(index, isArray)
    {
        _path = file.Path;
        _ends = file.Array<long>(ColumnSections.Of(position, ColumnSections.TextEnds));
        _texts = file.Bytes(ColumnSections.Of(position, ColumnSections.Texts));
        if (_ends.Length != index.Codes)
        {
            throw StorageErrors.Damaged(file.Path, $"column {position} has {_ends.Length} values for {index.Codes} codes");
        }
    }

    protected override SortKey KeyOf(int code) => new(TextOf(code).ToArray());

    protected override int FirstAtLeast(SortKey key) => FirstAtLeast(key.Text);

    private ReadOnlySpan<byte> TextOf(int code)
    {
        long from = code == 0 ? 0 : _ends[code - 1];
        long length = _ends[code] - from;
        return length is >= 0 and <= int.MaxValue
            ? _texts.Slice(from, (int)length)
            : throw StorageErrors.Damaged(_path, $"the text of value {code} has {length} bytes");
    }

    protected override List<CodeRange> CodesOf(ValueTest test)
    {
        var codes = new List<CodeRange>();
        int next = 0;
        foreach (byte[] value in ((KeywordTest)test).Values)
        {
            next = FirstAtLeast(value, next);
            if (next == Index.Codes)
            {
                break;
            }
            if (TextOf(next).SequenceEqual(value))
            {
                CodeRange.Append(codes, next, next + 1);
                next++;
            }
        }
        return codes;
    }

    /// <summary>The first code from <paramref name="from"/> on whose text is not before a text.</summary>
    private int FirstAtLeast(ReadOnlySpan<byte> text, int from = 0)
    {
        int low = from;
        int high = Index.Codes;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            if (TextOf(middle).SequenceCompareTo(text) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }
}
