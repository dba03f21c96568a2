using System.Buffers;

namespace SearchEngine.Rpc.Wire;

/// <summary>
/// One message in a pooled array. The owner disposes it once nothing refers to the bytes any more; messages parsed from it
/// may alias it (see <see cref="AliasingParser{T}"/>).
/// </summary>
internal struct RentedBytes : IDisposable
{
    private byte[]? _array;

    public RentedBytes(int capacity) => _array = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 1));

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    public readonly ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    public readonly int Free => _array!.Length - Length;

    public void Append(in ReadOnlySequence<byte> bytes)
    {
        bytes.CopyTo(_array.AsSpan(Length));
        Length += (int)bytes.Length;
    }

    /// <summary>Room to write into; follow with <see cref="Advance"/>.</summary>
    public readonly Span<byte> Tail() => _array.AsSpan(Length);

    public readonly ArraySegment<byte> Segment() => new(_array!, 0, Length);

    public void Advance(int count) => Length += count;

    public void Grow(int capacity)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array!);
        _array = larger;
    }

    public void Dispose()
    {
        if (_array is null) return;
        ArrayPool<byte>.Shared.Return(_array);
        _array = null;
        Length = 0;
    }
}
