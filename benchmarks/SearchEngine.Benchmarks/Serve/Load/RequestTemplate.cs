using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Google.Protobuf;

namespace SearchEngine.Benchmarks.Serve.Load;

/// <summary>
/// A gRPC request as the bytes of its HTTP/2 frames, made once: sending it again is a copy in which the stream's number is put in. The
/// header block refers to nothing that was sent before, so frames of any requests may follow each other.
/// </summary>
internal sealed class RequestTemplate
{
    private const int FrameHeaderBytes = 9, StreamOffset = 5, MaxFramePayload = 16_384, GrpcHeaderBytes = 5;
    private const byte DataFrame = 0, HeadersFrame = 1, EndStream = 1, EndHeaders = 4;

    private readonly byte[] _bytes;
    private readonly int[] _frames;

    /// <param name="timeout">Sent as the call's deadline.</param>
    public RequestTemplate(string authority, string path, IMessage message, TimeSpan timeout)
    {
        byte[] block = HeaderBlock(authority, path, string.Create(CultureInfo.InvariantCulture, $"{(long)timeout.TotalMilliseconds}m"));
        var body = new byte[GrpcHeaderBytes + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), body.Length - GrpcHeaderBytes);
        message.WriteTo(body.AsSpan(GrpcHeaderBytes));
        using var bytes = new MemoryStream();
        List<int> frames = [];
        Add(bytes, frames, HeadersFrame, EndHeaders, block);
        foreach (byte[] part in body.Chunk(MaxFramePayload))
        {
            Add(bytes, frames, DataFrame, 0, part);
        }
        _bytes = bytes.ToArray();
        _bytes[frames[^1] + StreamOffset - 1] = EndStream;
        _frames = [.. frames];
        BodyBytes = body.Length;
    }

    public int Length => _bytes.Length;

    /// <summary>What the request takes of the receiver's window.</summary>
    public int BodyBytes { get; }

    public void CopyTo(Span<byte> target, int stream)
    {
        _bytes.CopyTo(target);
        foreach (int frame in _frames)
        {
            BinaryPrimitives.WriteInt32BigEndian(target[(frame + StreamOffset)..], stream);
        }
    }

    private static void Add(MemoryStream bytes, List<int> frames, byte type, byte flags, ReadOnlySpan<byte> payload)
    {
        frames.Add((int)bytes.Length);
        Span<byte> header = stackalloc byte[FrameHeaderBytes];
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        header[3] = type;
        header[4] = flags;
        header[5..].Clear();
        bytes.Write(header);
        bytes.Write(payload);
    }

    // HPACK: two entries of the static table, then literals without indexing (RFC 7541, 6.2.2).
    private static byte[] HeaderBlock(string authority, string path, string timeout)
    {
        using var block = new MemoryStream();
        block.Write([0x83, 0x86]); // :method POST, :scheme http
        Literal(block, [0x04], path);
        Literal(block, [0x01], authority);
        Literal(block, [0x0F, 31 - 0x0F], "application/grpc"); // content-type
        Literal(block, "te", "trailers");
        Literal(block, "grpc-timeout", timeout);
        return block.ToArray();
    }

    private static void Literal(MemoryStream block, string name, string value) =>
        Literal(block, [0x00, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)], value);

    private static void Literal(MemoryStream block, ReadOnlySpan<byte> name, string value)
    {
        // Longer ones would need a second byte of length.
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value.Length, 127);
        block.Write(name);
        block.WriteByte((byte)value.Length);
        block.Write(Encoding.ASCII.GetBytes(value));
    }
}
