namespace SearchEngine.Collections.Segments;

/// <summary>
/// A heap of byte strings that one thread appends to while others read what was published to them. Chunks never move; a
/// string lies in one chunk, so it is read as one span. No object per string: the collector sees a few large arrays.
/// </summary>
internal sealed class GrowingBytes
{
    private const int ChunkBits = 22;
    private const int LargestChunk = 1 << ChunkBits;

    /// <summary>Small at first: a process may hold thousands of small collections.</summary>
    private const int SmallestChunk = 1 << 16;

    private byte[][] _chunks = new byte[16][];
    private int _count;
    private int _free;
    private long _bytes;

    /// <summary>Bytes of the chunks there are.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <returns>Where the bytes lie: the chunk's number and the offset in it.</returns>
    public long Append(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return 0;
        }
        if (value.Length > _free)
        {
            AddChunk(value.Length);
        }
        byte[] chunk = _chunks[_count - 1];
        int offset = chunk.Length - _free;
        value.CopyTo(chunk.AsSpan(offset));
        _free -= value.Length;
        return ((long)(_count - 1) << ChunkBits) | (uint)offset;
    }

    public ReadOnlySpan<byte> Read(long position, int length) => length == 0 ? [] :
        Volatile.Read(ref _chunks)[position >> ChunkBits].AsSpan((int)(position & (LargestChunk - 1)), length);

    // A string longer than a chunk gets one of its own: its offset is 0, so the length of the chunk does not matter.
    private void AddChunk(int needed)
    {
        int usual = (int)Math.Min(LargestChunk, Math.Max(SmallestChunk, _bytes / 4));
        byte[] chunk = GC.AllocateUninitializedArray<byte>(Math.Max(needed, usual));
        if (_count == _chunks.Length)
        {
            byte[][] more = new byte[2 * _count][];
            _chunks.CopyTo(more, 0);
            more[_count] = chunk;
            Volatile.Write(ref _chunks, more);
        }
        else
        {
            _chunks[_count] = chunk;
        }
        _count++;
        _free = chunk.Length;
        Volatile.Write(ref _bytes, _bytes + chunk.Length);
    }
}
