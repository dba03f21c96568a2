using System.Buffers;
using System.Buffers.Binary;

namespace SearchEngine.Collections.Storage;

/// <summary>Bytes being put together, in pooled memory that is reused. One thread. Spans of it are valid until the next write.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 4096;

    /// <summary>More than this is given back when the buffer is cleared: one huge document must not pin its size for ever.</summary>
    private const int KeptBytes = 4 << 20;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets the content.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytes)
        {
            Dispose();
        }
    }

    /// <summary>Forgets what was written from a length on.</summary>
    public void CutTo(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    /// <summary>The next bytes, counted as written, to be filled by the caller; they hold anything before.</summary>
    public Span<byte> Take(int count)
    {
        Span<byte> span = GetSpan(count)[..count];
        Length += count;
        return span;
    }

    public void Write(ReadOnlySpan<byte> data) => data.CopyTo(Take(data.Length));

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    public void WriteDouble(double value) => WriteUInt64(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Seven bits a byte, low ones first; the highest bit says that more follow.</summary>
    public void WriteVarint(ulong value)
    {
        const int MaxVarintBytes = 10;
        Span<byte> target = GetSpan(MaxVarintBytes);
        int count = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[count++] = (byte)(value | 0x80);
        }

        target[count++] = (byte)value;
        Length += count;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - Length), nameof(count));
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(1, sizeHint));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(Math.Max(1, sizeHint));
        return _bytes.AsSpan(Length);
    }

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Grow(int more)
    {
        int needed = checked(Length + more);
        if (needed <= _bytes.Length)
        {
            return;
        }

        int doubled = (int)Math.Min(Array.MaxLength, 2L * _bytes.Length);
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, doubled), FirstBytes));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
