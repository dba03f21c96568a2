namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Rows read from their file into memory of a searcher's own, four at a time: touching the mapping instead would leave pages of the file in
/// memory for every search, and giving them back costs the next scan a fault for each (2026-11-26, 200,000 rows of 768: 90 to 190 ms a scan
/// instead of 30; 1,000 of them 7 to 50 ms instead of 0.1). One thread at a time.
/// </summary>
internal sealed unsafe class FetchedRows : IDisposable
{
    public const int AtOnce = 4;

    /// <summary>Rows of a scan that lie farther apart are read one by one.</summary>
    private const int LongestSpan = 16;

    /// <summary>Bytes of a run: a call for each row costs about as much as three more rows.</summary>
    private const int MostOfRun = 128 << 10;

    private readonly RowMemory _rows;
    private readonly AlignedBuffer<byte> _buffer;
    private readonly int _longestRun;
    private AlignedBuffer<byte>? _run;
    private uint _first;
    private uint _end;

    public FetchedRows(RowMemory rows)
    {
        _rows = rows;
        _buffer = new AlignedBuffer<byte>(AtOnce * rows.Stride);
        _longestRun = Math.Max(LongestSpan, MostOfRun / rows.Stride);
    }

    /// <summary>Reads rows from anywhere.</summary>
    /// <param name="ordinals">Four rows; equal ones stand next to each other.</param>
    /// <param name="bytes">Of each row, from its first; at most a stride.</param>
    /// <param name="slots">Receives where each row lies, in strides.</param>
    /// <returns>Where slot 0 is; valid until the next call.</returns>
    public byte* Fetch(uint* ordinals, int bytes, uint* slots)
    {
        for (uint i = 0; i < AtOnce; i++)
        {
            if (i > 0 && ordinals[i] == ordinals[i - 1])
            {
                slots[i] = slots[i - 1];
                continue;
            }
            _rows.Fetch(ordinals[i], _buffer.Span.Slice((int)i * _rows.Stride, bytes));
            slots[i] = i;
        }
        return _buffer.Address;
    }

    /// <summary>As <see cref="Fetch"/> for the rows of a scan, which rise: where they lie close, those behind them are read as well.</summary>
    public byte* FetchRun(uint* ordinals, int bytes, uint* slots)
    {
        uint first = ordinals[0], last = ordinals[AtOnce - 1];
        if (last - first >= LongestSpan)
        {
            return Fetch(ordinals, bytes, slots);
        }
        if (first < _first || last >= _end)
        {
            ReadRun(first);
        }
        for (int i = 0; i < AtOnce; i++)
        {
            slots[i] = ordinals[i] - _first;
        }
        return _run!.Address;
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _run?.Dispose();
    }

    // Twice as long where the last run ended near, so that a few rows that happen to lie close do not cost a long one.
    private void ReadRun(uint first)
    {
        _run ??= new AlignedBuffer<byte>(_longestRun * _rows.Stride);
        bool goesOn = first >= _first && first < _end + LongestSpan;
        int length = Math.Min(goesOn ? Math.Min(2 * (int)(_end - _first), _longestRun) : LongestSpan, _rows.Count - (int)first);
        length = Math.Max(length, Math.Min(LongestSpan, _rows.Count - (int)first));
        (_first, _end) = (0, 0);
        _rows.Fetch(first, _run.Span[..(length * _rows.Stride)]);
        (_first, _end) = (first, first + (uint)length);
    }
}
