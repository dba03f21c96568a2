using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace SearchEngine.Rpc.Wire;

/// <summary>Writes length-prefixed messages; the twin of <see cref="FrameReader"/>.</summary>
internal static class FrameWriter
{
    // Up to here one span of the pipe's own block size holds header and message; above it the message is written in pieces.
    private const int OneSpan = 3 * 1024;

    /// <summary>Returns the size of the message before compression.</summary>
    public static int Write(IBufferWriter<byte> output, IMessage message, MessageCompression compression, int maxBytes, string what)
    {
        int size = message.CalculateSize();
        if (size > maxBytes) throw FrameErrors.TooLarge(what, size, maxBytes);
        if (compression == MessageCompression.Gzip)
        {
            WriteCompressed(output, message);
        }
        else if (size <= OneSpan)
        {
            Span<byte> span = output.GetSpan(FrameReader.HeaderBytes + size);
            WriteHeader(span, 0, size);
            message.WriteTo(span.Slice(FrameReader.HeaderBytes, size));
            output.Advance(FrameReader.HeaderBytes + size);
        }
        else
        {
            WriteHeader(output.GetSpan(FrameReader.HeaderBytes), 0, size);
            output.Advance(FrameReader.HeaderBytes);
            message.WriteTo(output);
        }
        return size;
    }

    private static void WriteCompressed(IBufferWriter<byte> output, IMessage message)
    {
        using MemoryStream compressed = Gzip.Compress(message);
        WriteHeader(output.GetSpan(FrameReader.HeaderBytes), 1, (int)compressed.Length);
        output.Advance(FrameReader.HeaderBytes);
        output.Write(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
    }

    private static void WriteHeader(Span<byte> span, byte flag, int length)
    {
        span[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)length);
    }
}
