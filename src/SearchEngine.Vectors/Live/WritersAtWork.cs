namespace SearchEngine.Vectors.Live;

/// <summary>
/// The rows that are being linked at this moment. A writer enters his row, then looks who else is there: of two rows
/// linked at the same time at least one sees the other, though neither is in the graph yet.
/// </summary>
internal sealed class WritersAtWork(int writers)
{
    private readonly long[] _rows = new long[writers];

    /// <summary>Enters a row whose code is written. A full fence: the entry is visible before the others are read.</summary>
    public void Enter(int writer, uint ordinal) => Interlocked.Exchange(ref _rows[writer], ordinal + 1L);

    public void Leave(int writer) => Volatile.Write(ref _rows[writer], 0);

    /// <summary>Copies the rows of the other writers and returns how many there are.</summary>
    public int Others(int writer, Span<uint> rows)
    {
        int count = 0;
        for (int i = 0; i < _rows.Length; i++)
        {
            long row = Volatile.Read(ref _rows[i]);
            if (i != writer && row != 0)
            {
                rows[count++] = (uint)(row - 1);
            }
        }
        return count;
    }
}
