using System.Buffers.Binary;

namespace SearchEngine.Rpc.Tests.Robustness.Raw;

/// <summary>Frame types of HTTP/2 (RFC 9113, section 6).</summary>
internal enum FrameKind : byte
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    Reset = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>One HTTP/2 frame. <see cref="ClaimedLength"/> lets a test lie about the length of the payload.</summary>
internal sealed record Http2Frame(FrameKind Kind, byte Flags, int StreamId, byte[] Payload)
{
    public const int HeaderBytes = 9;
    public const int MaxPayload = 16_384;
    public const byte EndStream = 0x1;
    public const byte Ack = 0x1;
    public const byte EndHeaders = 0x4;
    public const byte Padded = 0x8;
    public const byte WithPriority = 0x20;

    /// <summary>What the frame header says; null for the truth.</summary>
    public int? ClaimedLength { get; init; }

    public static Http2Frame Data(int stream, byte[] bytes, byte flags = 0) => new(FrameKind.Data, flags, stream, bytes);

    /// <summary>A body in frames of the largest size every peer takes, END_STREAM on the last.</summary>
    public static IEnumerable<Http2Frame> Body(int stream, byte[] bytes, int frameBytes = MaxPayload)
    {
        byte[][] parts = [.. bytes.Chunk(frameBytes)];
        for (int i = 0; i < parts.Length - 1; i++) yield return Data(stream, parts[i]);
        yield return Data(stream, parts.Length == 0 ? [] : parts[^1], EndStream);
    }

    public static Http2Frame Headers(int stream, byte[] block, byte flags = EndHeaders) => new(FrameKind.Headers, flags, stream, block);

    public static Http2Frame Reset(int stream, uint code) => new(FrameKind.Reset, 0, stream, UInt32(code));

    public static Http2Frame WindowUpdate(int stream, uint increment) => new(FrameKind.WindowUpdate, 0, stream, UInt32(increment));

    public static Http2Frame Ping(ulong payload, byte flags = 0)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, payload);
        return new Http2Frame(FrameKind.Ping, flags, 0, bytes);
    }

    public static Http2Frame Settings(params (ushort Id, uint Value)[] settings)
    {
        byte[] bytes = new byte[settings.Length * 6];
        for (int i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i * 6), settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 6 + 2), settings[i].Value);
        }
        return new Http2Frame(FrameKind.Settings, 0, 0, bytes);
    }

    public byte[] ToBytes()
    {
        byte[] frame = new byte[HeaderBytes + Payload.Length];
        int length = ClaimedLength ?? Payload.Length;
        frame[0] = (byte)(length >> 16);
        frame[1] = (byte)(length >> 8);
        frame[2] = (byte)length;
        frame[3] = (byte)Kind;
        frame[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), StreamId);
        Payload.CopyTo(frame, HeaderBytes);
        return frame;
    }

    private static byte[] UInt32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
