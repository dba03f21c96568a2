using System.Numerics;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>
/// Which rows have which codes, the codes being the ranks of the values in a dictionary: mapped. A value of many rows has a
/// bitmap, another one a run of ascending ordinals; the runs of consecutive codes are consecutive, so a range of values is
/// one run. Of attributes with one value per row there may be the column of codes by row too.
/// </summary>
internal sealed class CodeIndex
{
    /// <summary>A value of more than one row in so many has a bitmap.</summary>
    public const int DenseShare = 32;

    // Rough costs in nanoseconds, which only choose between equal answers.
    private const double PerOrdinal = 0.9;
    private const double PerWord = 0.35;
    private const double PerCodeByte = 0.06;

    private readonly string _path;
    private readonly int _rows;
    private readonly int _codes;
    private readonly bool _isArray;
    private readonly MappedArray<ulong> _existing;
    private readonly MappedArray<uint> _starts;
    private readonly MappedArray<uint> _ordinals;
    private readonly MappedArray<uint> _denseCodes;
    private readonly MappedArray<uint> _denseCounts;
    private readonly MappedArray<ulong> _denseRows;
    private readonly RowCodes? _rowCodes;
    private readonly long _entries;

    public CodeIndex(SectionFile file, int position, int rows, ColumnHeader header, bool isArray)
    {
        _path = file.Path;
        _rows = rows;
        _codes = header.Values;
        _entries = header.Entries;
        _isArray = isArray;
        _existing = file.Array<ulong>(ColumnSections.Of(position, ColumnSections.Existing));
        _starts = file.Array<uint>(ColumnSections.Of(position, ColumnSections.Starts));
        _ordinals = file.Array<uint>(ColumnSections.Of(position, ColumnSections.Ordinals));
        _denseCodes = file.Array<uint>(ColumnSections.Of(position, ColumnSections.DenseCodes));
        _denseCounts = file.Array<uint>(ColumnSections.Of(position, ColumnSections.DenseCounts));
        _denseRows = file.Array<ulong>(ColumnSections.Of(position, ColumnSections.DenseRows));
        _rowCodes = header.CodeBytes == 0 ? null : new RowCodes(file, position, rows, header.CodeBytes);
        bool fits = _codes >= 0
            && _existing.Length == RowSet.WordsFor(rows)
            && _starts.Length == _codes + 1L
            && _denseCounts.Length == _denseCodes.Length
            && _denseRows.Length == (long)_denseCodes.Length * RowSet.WordsFor(rows)
            && _entries == CountAll()
            && (isArray || _entries <= rows);
        if (!fits)
        {
            throw StorageErrors.Damaged(file.Path, $"the sections of column {position} do not fit each other");
        }
    }

    /// <summary>Distinct values.</summary>
    public int Codes => _codes;

    /// <summary>Pairs of a row and a value.</summary>
    public long Entries => _entries;

    public void AddExisting(RowSet rows) => ColumnBits.Add(_existing.Span, rows, _path);

    /// <summary>Adds the rows that have a code of the ranges, by whichever way reads the least.</summary>
    /// <param name="ranges">Ascending, disjoint, within the codes.</param>
    public void Add(List<CodeRange> ranges, RowSet rows)
    {
        double direct = Cost(ranges);
        List<CodeRange> others = _isArray ? [] : CodeRange.Complement(ranges, _codes);
        double complement = _isArray ? double.PositiveInfinity : Cost(others) + 2 * PerWord * _existing.Length;
        double compare = _rowCodes is null ? double.PositiveInfinity : ranges.Count * PerCodeByte * _rowCodes.Bytes;
        if (compare < direct && compare < complement)
        {
            _rowCodes!.Add(ranges, rows);
        }
        else if (complement < direct)
        {
            AddAllBut(others, rows);
        }
        else
        {
            AddEach(ranges, rows);
        }
    }

    /// <summary>How many pairs of a row and a code the ranges have.</summary>
    public long CountEntries(List<CodeRange> ranges)
    {
        long count = 0;
        foreach (CodeRange range in ranges)
        {
            count += Run(range.First, range.End).Length;
            (int from, int to) = Dense(range);
            foreach (uint dense in _denseCounts.Span[from..to])
            {
                count += dense;
            }
        }
        return count;
    }

    /// <summary>Appends the rows of a code, ascending.</summary>
    public void CopyRows(int code, List<uint> ordinals)
    {
        foreach (uint ordinal in Run(code, code + 1))
        {
            ordinals.Add(ordinal < (uint)_rows ? ordinal : throw ColumnBits.OutOfRange(_path));
        }
        (int from, int to) = Dense(new CodeRange(code, code + 1));
        if (from == to)
        {
            return;
        }
        ReadOnlySpan<ulong> bitmap = DenseRows(from);
        ColumnBits.CheckTail(bitmap, _rows, _path);
        for (int w = 0; w < bitmap.Length; w++)
        {
            for (ulong word = bitmap[w]; word != 0; word &= word - 1)
            {
                ordinals.Add((uint)(w * 64 + BitOperations.TrailingZeroCount(word)));
            }
        }
    }

    /// <summary>The ordinals of a run of codes that have no bitmaps.</summary>
    private ReadOnlySpan<uint> Run(int first, int end)
    {
        uint from = _starts[first];
        uint to = _starts[end];
        return from <= to && to <= (uint)_ordinals.Length
            ? _ordinals.Span[(int)from..(int)to]
            : throw StorageErrors.Damaged(_path, $"the rows of the values {first} to {end} are not in order");
    }

    private long CountAll()
    {
        long count = _starts[_codes];
        foreach (uint dense in _denseCounts.Span)
        {
            count += dense;
        }
        return count;
    }

    private double Cost(List<CodeRange> ranges)
    {
        double cost = 0;
        foreach (CodeRange range in ranges)
        {
            (int from, int to) = Dense(range);
            cost += PerOrdinal * Run(range.First, range.End).Length + PerWord * (to - from) * _existing.Length;
        }
        return cost;
    }

    private void AddEach(List<CodeRange> ranges, RowSet rows)
    {
        foreach (CodeRange range in ranges)
        {
            ColumnBits.Add(Run(range.First, range.End), rows, _path);
            (int from, int to) = Dense(range);
            for (int i = from; i < to; i++)
            {
                ColumnBits.Add(DenseRows(i), rows, _path);
            }
        }
    }

    /// <summary>All rows with a value, without those of some codes; right where a row has one value.</summary>
    private void AddAllBut(List<CodeRange> others, RowSet rows)
    {
        using RowSet kept = RowSet.None(_rows);
        AddExisting(kept);
        foreach (CodeRange range in others)
        {
            ColumnBits.Remove(Run(range.First, range.End), kept, _path);
            (int from, int to) = Dense(range);
            for (int i = from; i < to; i++)
            {
                kept.AndNot(DenseRows(i));
            }
        }
        rows.Or(kept.Words);
    }

    private ReadOnlySpan<ulong> DenseRows(int dense)
    {
        int words = _existing.Length;
        return _denseRows.Span.Slice(dense * words, words);
    }

    /// <summary>Places of the codes of a range among those with bitmaps.</summary>
    private (int From, int To) Dense(CodeRange range)
    {
        ReadOnlySpan<uint> codes = _denseCodes.Span;
        int from = SortedSearch.FirstAtLeast(codes, (uint)range.First);
        int to = SortedSearch.FirstAtLeast(codes, (uint)range.End);
        return from <= to ? (from, to) : throw StorageErrors.Damaged(_path, "the values with bitmaps are not in order");
    }
}
