using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Attributes;

/// <summary>Puts rows that a file names into sets, and refuses rows that the segment does not have.</summary>
internal static class ColumnBits
{
    public static void Add(ReadOnlySpan<uint> ordinals, RowSet rows, string path)
    {
        Span<ulong> bits = rows.Bits;
        uint count = (uint)rows.Rows;
        foreach (uint ordinal in ordinals)
        {
            if (ordinal >= count)
            {
                throw OutOfRange(path);
            }
            bits[(int)(ordinal >> 6)] |= 1UL << (int)(ordinal & 63);
        }
    }

    public static void Remove(ReadOnlySpan<uint> ordinals, RowSet rows, string path)
    {
        Span<ulong> bits = rows.Bits;
        uint count = (uint)rows.Rows;
        foreach (uint ordinal in ordinals)
        {
            if (ordinal >= count)
            {
                throw OutOfRange(path);
            }
            bits[(int)(ordinal >> 6)] &= ~(1UL << (int)(ordinal & 63));
        }
    }

    /// <summary>Adds a bitmap as long as the set.</summary>
    public static void Add(ReadOnlySpan<ulong> words, RowSet rows, string path)
    {
        CheckTail(words, rows.Rows, path);
        rows.Or(words);
    }

    public static void CheckTail(ReadOnlySpan<ulong> words, int rows, string path)
    {
        if (rows % 64 != 0 && words[^1] >> (rows % 64) != 0)
        {
            throw OutOfRange(path);
        }
    }

    public static CollectionException OutOfRange(string path) =>
        StorageErrors.Damaged(path, "an index names rows that the segment does not have");
}
