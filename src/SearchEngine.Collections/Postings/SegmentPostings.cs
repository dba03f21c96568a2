using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Postings;

/// <summary>The postings of one field or vector of a segment, mapped. Every number of the file is checked before it is used.</summary>
internal sealed class SegmentPostings
{
    private readonly string _path;
    private readonly int _rows;
    private readonly MappedArray<int> _starts;
    private readonly MappedArray<int> _runStarts;
    private readonly MappedArray<uint> _postingRows;
    private readonly MappedArray<uint> _values;
    private readonly MappedArray<uint> _uppers;
    private readonly MappedArray<uint> _lowers;

    /// <param name="parts">Words or dimensions.</param>
    /// <param name="rows">Of the segment.</param>
    /// <exception cref="CollectionException">Checksum: the sections do not fit each other.</exception>
    public SegmentPostings(SectionFile file, PostingSections names, int parts, int rows)
    {
        _path = file.Path;
        _rows = rows;
        _starts = file.Array<int>(names.Starts);
        _runStarts = file.Array<int>(names.RunStarts);
        _postingRows = file.Array<uint>(names.Rows);
        _values = file.Array<uint>(names.Values);
        _uppers = file.Array<uint>(names.Uppers);
        _lowers = file.Array<uint>(names.Lowers);
        bool fits = _starts.Length == parts + 1 && _runStarts.Length == _starts.Length
            && _values.Length == _postingRows.Length && _lowers.Length == _uppers.Length;
        if (!fits)
        {
            throw StorageErrors.Damaged(_path, $"sections {names.Starts} to {names.Lowers} do not fit each other");
        }
    }

    /// <summary>Postings of all parts.</summary>
    public long Pairs => _postingRows.Length;

    public IPostings Of(int part)
    {
        int from = _starts[part], count = _starts[part + 1] - from;
        int run = _runStarts[part], runs = _runStarts[part + 1] - run;
        bool sound = from >= 0 && count > 0 && count <= _postingRows.Length - from
            && run >= 0 && runs == (count + PostingSections.RunPostings - 1) / PostingSections.RunPostings
            && runs <= _uppers.Length - run;
        return sound
            ? new Postings(this, from, count, run)
            : throw StorageErrors.Damaged(_path, $"the postings of part {part} are not in order");
    }

    private sealed class Postings(SegmentPostings all, int from, int count, int run) : IPostings
    {
        public int Count => count;

        public uint RowAt(int place)
        {
            uint row = all._postingRows[from + place];
            return row < (uint)all._rows ? row : throw ColumnBits.OutOfRange(all._path);
        }

        public uint ValueAt(int place) => all._values[from + place];

        public int FirstAtLeast(uint row, int first) =>
            first + SortedSearch.FirstAtLeast(all._postingRows.Span.Slice(from + first, count - first), row);

        public PostingRun RunOf(int place)
        {
            int number = place / PostingSections.RunPostings;
            int end = Math.Min(count, (number + 1) * PostingSections.RunPostings);
            return new PostingRun(end, RowAt(end - 1), all._uppers[run + number], all._lowers[run + number]);
        }
    }
}
