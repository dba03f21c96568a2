using System.Text;
using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Text;

/// <summary>The words of one text field of a segment, mapped. Every number of the file is checked before it is used.</summary>
internal sealed class SegmentText : ITextIndex
{
    private readonly string _path;
    private readonly int _rows;
    private readonly MappedArray<uint> _lengths;
    private readonly MappedArray<long> _ends;
    private readonly MappedArray<int> _starts;
    private readonly MappedArray<int> _blockStarts;
    private readonly MappedArray<uint> _postingRows;
    private readonly MappedArray<uint> _frequencies;
    private readonly MappedArray<uint> _blockFrequencies;
    private readonly MappedArray<uint> _blockLengths;
    private readonly LargeSection _words;

    public SegmentText(SectionFile file, int position, int rows)
    {
        _path = file.Path;
        _rows = rows;
        _lengths = file.Array<uint>(WordSections.Of(position, WordSections.Lengths));
        _ends = file.Array<long>(WordSections.Of(position, WordSections.WordEnds));
        _starts = file.Array<int>(WordSections.Of(position, WordSections.Starts));
        _blockStarts = file.Array<int>(WordSections.Of(position, WordSections.BlockStarts));
        _postingRows = file.Array<uint>(WordSections.Of(position, WordSections.Rows));
        _frequencies = file.Array<uint>(WordSections.Of(position, WordSections.Frequencies));
        _blockFrequencies = file.Array<uint>(WordSections.Of(position, WordSections.BlockFrequencies));
        _blockLengths = file.Array<uint>(WordSections.Of(position, WordSections.BlockLengths));
        _words = file.Bytes(WordSections.Of(position, WordSections.Words));
        MappedArray<long> sums = file.Array<long>(WordSections.Of(position, WordSections.Sums));
        bool fits = sums.Length == 2
            && _lengths.Length == rows
            && _starts.Length == _ends.Length + 1
            && _blockStarts.Length == _starts.Length
            && _frequencies.Length == _postingRows.Length
            && _blockLengths.Length == _blockFrequencies.Length;
        if (!fits || sums[0] < 0 || sums[0] > rows || sums[1] < sums[0])
        {
            throw StorageErrors.Damaged(_path, $"the sections of text field {position} do not fit each other");
        }
        Documents = sums[0];
        Words = sums[1];
    }

    public long Documents { get; }

    public long Words { get; }

    /// <summary>Pairs of a word and a document.</summary>
    public long Pairs => _postingRows.Length;

    public uint LengthOf(uint row) => _lengths[(int)row];

    public ITermPostings? Find(string word)
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
                return PostingsOf(middle);
            }
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }
        return null;
    }

    private Postings PostingsOf(int word)
    {
        int from = _starts[word], count = _starts[word + 1] - from;
        int block = _blockStarts[word], blocks = _blockStarts[word + 1] - block;
        bool sound = from >= 0 && count > 0 && count <= _postingRows.Length - from
            && block >= 0 && blocks == (count + WordSections.BlockPostings - 1) / WordSections.BlockPostings
            && blocks <= _blockFrequencies.Length - block;
        return sound
            ? new Postings(this, from, count, block)
            : throw StorageErrors.Damaged(_path, $"the postings of word {word} are not in order");
    }

    private ReadOnlySpan<byte> WordAt(int word)
    {
        long from = word == 0 ? 0 : _ends[word - 1], length = _ends[word] - from;
        return length is >= 0 and <= int.MaxValue
            ? _words.Slice(from, (int)length)
            : throw StorageErrors.Damaged(_path, $"word {word} has {length} bytes");
    }

    private sealed class Postings(SegmentText text, int from, int count, int block) : ITermPostings
    {
        public int Count => count;

        public uint RowAt(int place)
        {
            uint row = text._postingRows[from + place];
            return row < (uint)text._rows ? row : throw ColumnBits.OutOfRange(text._path);
        }

        public uint FrequencyAt(int place) => text._frequencies[from + place];

        public int FirstAtLeast(uint row, int first) =>
            first + SortedSearch.FirstAtLeast(text._postingRows.Span.Slice(from + first, count - first), row);

        public TermBlock BlockOf(int place)
        {
            int number = place / WordSections.BlockPostings;
            int end = Math.Min(count, (number + 1) * WordSections.BlockPostings);
            return new TermBlock(end, RowAt(end - 1), text._blockFrequencies[block + number], text._blockLengths[block + number]);
        }
    }
}
