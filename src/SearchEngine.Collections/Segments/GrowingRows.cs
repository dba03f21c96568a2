using System.Runtime.CompilerServices;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// Rows that one thread appends while others read: they lie in chunks that never move, so a reference stays right. Readers
/// touch only rows whose number was published to them after the row was written (a count written and read as volatile).
/// </summary>
internal sealed class GrowingRows<T>(int capacity)
    where T : unmanaged
{
    private const int ChunkBits = 12;
    private const int ChunkRows = 1 << ChunkBits;

    private readonly T[]?[] _chunks = new T[]?[(capacity + ChunkRows - 1) / ChunkRows];
    private int _used;

    /// <summary>Bytes of the chunks there are.</summary>
    public long Bytes => (long)Volatile.Read(ref _used) * ChunkRows * Unsafe.SizeOf<T>();

    public ref readonly T this[uint row] => ref _chunks[row >> ChunkBits]![row & (ChunkRows - 1)];

    public void Write(uint row, in T value)
    {
        ref T[]? chunk = ref _chunks[row >> ChunkBits];
        if (chunk is null)
        {
            chunk = new T[ChunkRows];
            Volatile.Write(ref _used, _used + 1);
        }
        chunk[row & (ChunkRows - 1)] = value;
    }
}
