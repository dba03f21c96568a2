using System.Buffers;
using Google.Protobuf;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Client;

/// <summary>One framed message in a pooled array.</summary>
internal sealed class PooledFrame : IBufferWriter<byte>, IDisposable
{
    private byte[] _array;
    private int _length;

    private PooledFrame(int capacity) => _array = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, _length);

    public static PooledFrame Of(IMessage message, MessageCompression compression, int maxBytes)
    {
        var frame = new PooledFrame(FrameReader.HeaderBytes + Math.Min(message.CalculateSize(), maxBytes));
        try
        {
            FrameWriter.Write(frame, message, compression, maxBytes, "request");
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _array.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        if (_array.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
    }

    private void Reserve(int free)
    {
        if (_array.Length - _length >= free) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_array.Length * 2, _length + free));
        _array.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
