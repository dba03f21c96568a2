namespace SearchEngine.Vectors.Kernels;

/// <summary>
/// Four rows at a time, read from their file into memory of a searcher's own: touching the mapping instead would leave pages of the file in
/// memory for every search. One thread at a time.
/// </summary>
internal sealed unsafe class FetchedRows : IDisposable
{
    public const int AtOnce = 4;

    private readonly RowMemory _rows;
    private readonly AlignedBuffer<byte> _buffer;

    public FetchedRows(RowMemory rows)
    {
        _rows = rows;
        _buffer = new AlignedBuffer<byte>(AtOnce * rows.Stride);
    }

    /// <summary>Where the rows lie: slot i at i times their stride.</summary>
    public byte* Address => _buffer.Address;

    /// <param name="ordinals">Four rows; equal ones stand next to each other.</param>
    /// <param name="bytes">Of each row, from its first; at most a stride.</param>
    /// <param name="slots">Receives where each row lies.</param>
    public void Fetch(uint* ordinals, int bytes, uint* slots)
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
    }

    public void Dispose() => _buffer.Dispose();
}
