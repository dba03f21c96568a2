namespace SearchEngine.Collections.Views;

/// <summary>
/// The dead rows of one segment as one view knows them. Immutable: a view keeps what it saw. Kept in chunks, so that a group
/// of writes copies what it changes and a table of pointers, not a bit for every row.
/// </summary>
internal sealed class DeadRows
{
    private const int ChunkWords = 64;
    private const int ChunkRows = ChunkWords * 64;

    private readonly ulong[]?[] _chunks;

    private DeadRows(int rows, ulong[]?[] chunks, int count)
    {
        Rows = rows;
        _chunks = chunks;
        Count = count;
    }

    /// <summary>Rows that can be dead.</summary>
    public int Rows { get; }

    /// <summary>Rows that are.</summary>
    public int Count { get; }

    public static DeadRows None(int rows) => new(rows, new ulong[]?[(rows + ChunkRows - 1) / ChunkRows], 0);

    public static DeadRows Of(int rows, ReadOnlySpan<ulong> words)
    {
        var chunks = new ulong[]?[(rows + ChunkRows - 1) / ChunkRows];
        int count = 0;
        for (int chunk = 0; chunk < chunks.Length; chunk++)
        {
            ReadOnlySpan<ulong> from = words.Slice(chunk * ChunkWords, Math.Min(ChunkWords, words.Length - chunk * ChunkWords));
            if (from.ContainsAnyExcept(0UL))
            {
                chunks[chunk] = new ulong[ChunkWords];
                from.CopyTo(chunks[chunk]);
                foreach (ulong word in from)
                {
                    count += System.Numerics.BitOperations.PopCount(word);
                }
            }
        }
        return new DeadRows(rows, chunks, count);
    }

    public bool Contains(uint row)
    {
        ulong[]? chunk = _chunks[row / ChunkRows];
        return chunk is not null && (chunk[row % ChunkRows >> 6] >> (int)(row & 63) & 1) != 0;
    }

    /// <summary>These rows and the given ones; rows already dead are no error.</summary>
    public DeadRows With(IReadOnlyCollection<uint> rows)
    {
        if (rows.Count == 0)
        {
            return this;
        }
        ulong[]?[] chunks = [.. _chunks];
        int count = Count;
        foreach (uint row in rows)
        {
            uint at = row / ChunkRows;
            ulong[]? chunk = chunks[at];
            if (chunk is null || ReferenceEquals(chunk, _chunks[at]))
            {
                chunks[at] = chunk = chunk is null ? new ulong[ChunkWords] : [.. chunk];
            }
            ref ulong word = ref chunk[row % ChunkRows >> 6];
            ulong bit = 1UL << (int)(row & 63);
            count += (word & bit) == 0 ? 1 : 0;
            word |= bit;
        }
        return new DeadRows(Rows, chunks, count);
    }

    /// <summary>Clears the bits of dead rows in <paramref name="words"/>, which may cover fewer rows.</summary>
    public void RemoveFrom(Span<ulong> words)
    {
        if (Count == 0)
        {
            return;
        }
        for (int chunk = 0; chunk < _chunks.Length && chunk * ChunkWords < words.Length; chunk++)
        {
            if (_chunks[chunk] is ulong[] dead)
            {
                Span<ulong> alive = words.Slice(chunk * ChunkWords, Math.Min(ChunkWords, words.Length - chunk * ChunkWords));
                for (int i = 0; i < alive.Length; i++)
                {
                    alive[i] &= ~dead[i];
                }
            }
        }
    }

    /// <summary>One bit per row, as files and merges take them.</summary>
    public ulong[] ToWords()
    {
        var words = new ulong[RowSet.WordsFor(Rows)];
        for (int chunk = 0; chunk < _chunks.Length; chunk++)
        {
            _chunks[chunk]?.AsSpan(0, Math.Min(ChunkWords, words.Length - chunk * ChunkWords)).CopyTo(words.AsSpan(chunk * ChunkWords));
        }
        return words;
    }
}
