using System.Text;
using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Text;

/// <summary>The words of one text field of a segment, mapped. Every number of the file is checked before it is used.</summary>
internal sealed class SegmentText : ITextIndex
{
    private readonly string _path;
    private readonly MappedArray<uint> _lengths;
    private readonly MappedArray<long> _ends;
    private readonly LargeSection _words;
    private readonly SegmentPostings _postings;

    public SegmentText(SectionFile file, int position, int rows)
    {
        _path = file.Path;
        _lengths = file.Array<uint>(WordSections.Of(position, WordSections.Lengths));
        _ends = file.Array<long>(WordSections.Of(position, WordSections.WordEnds));
        _words = file.Bytes(WordSections.Of(position, WordSections.Words));
        _postings = new SegmentPostings(file, WordSections.PostingsOf(position), _ends.Length, rows);
        MappedArray<long> sums = file.Array<long>(WordSections.Of(position, WordSections.Sums));
        if (sums.Length != 2 || _lengths.Length != rows || sums[0] < 0 || sums[0] > rows || sums[1] < sums[0])
        {
            throw StorageErrors.Damaged(_path, $"the sections of text field {position} do not fit each other");
        }
        Documents = sums[0];
        Words = sums[1];
    }

    public long Documents { get; }

    public long Words { get; }

    /// <summary>Pairs of a word and a document.</summary>
    public long Pairs => _postings.Pairs;

    public uint LengthOf(uint row) => _lengths[(int)row];

    public IPostings? Find(string word)
    {
        Span<byte> utf8 = stackalloc byte[3 * Text.Words.MaxLength];
        utf8 = utf8[..Encoding.UTF8.GetBytes(word, utf8)];
        int low = 0;
        int high = _ends.Length;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            int order = WordAt(middle).SequenceCompareTo(utf8);
            if (order == 0)
            {
                return _postings.Of(middle);
            }
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }
        return null;
    }

    private ReadOnlySpan<byte> WordAt(int word)
    {
        long from = word == 0 ? 0 : _ends[word - 1], length = _ends[word] - from;
        return length is >= 0 and <= int.MaxValue
            ? _words.Slice(from, (int)length)
            : throw StorageErrors.Damaged(_path, $"word {word} has {length} bytes");
    }
}
