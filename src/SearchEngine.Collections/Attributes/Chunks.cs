namespace SearchEngine.Collections.Attributes;

/// <summary>
/// A growing list for one appender beside any readers. Chunks never move and an item never changes once
/// <see cref="Count"/> covers it, so a reader that has read the count may read every item below it.
/// </summary>
internal sealed class Chunks<T>
{
    /// <summary>A multiple of 64, so that masks of whole chunks are whole words.</summary>
    public const int ChunkItems = 4096;

    private T[][] _chunks = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public int ChunkCount => Volatile.Read(ref _chunks).Length;

    public void Append(T item)
    {
        int at = _count;
        if (at == _chunks.Length * ChunkItems)
        {
            Volatile.Write(ref _chunks, [.. _chunks, new T[ChunkItems]]);
        }
        _chunks[at / ChunkItems][at % ChunkItems] = item;
        Volatile.Write(ref _count, at + 1);
    }

    /// <param name="index">Below a count that was read before.</param>
    public T At(int index) => Volatile.Read(ref _chunks)[index / ChunkItems][index % ChunkItems];

    /// <summary>The items of one chunk that lie below a count that was read before.</summary>
    public ReadOnlySpan<T> Chunk(int chunk, int count) =>
        Volatile.Read(ref _chunks)[chunk].AsSpan(0, Math.Min(ChunkItems, count - chunk * ChunkItems));

    public static int ChunksFor(int count) => (count + ChunkItems - 1) / ChunkItems;
}
