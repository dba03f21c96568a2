using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Tests.Robustness.Fuzz;

/// <summary>One request body of length-prefixed messages, more or less broken, and the status that it has to end in.</summary>
internal sealed class MessageCase
{
    /// <summary>The message limit that the server under test is set to.</summary>
    public const int Limit = 256 * 1024;

    // The same zeros for every bomb: a kilobyte that becomes a megabyte.
    private static readonly byte[] Bomb = GrpcBytes.Gzip(new byte[1 << 20]);

    private readonly Random _random;

    public MessageCase(int seed)
    {
        _random = new Random(seed);
        Path = _random.Next(3) switch { 0 => ProbePaths.Echo, 1 => ProbePaths.Collect, _ => ProbePaths.Chat };
        GzipDeclared = _random.Next(2) == 0;
        int frames = _random.Next(4) == 0 ? _random.Next(0, 5) : 1;
        byte[] body = [.. Enumerable.Range(0, frames).SelectMany(_ => Frame())];
        Body = _random.Next(3) == 0 ? ByteMutation.Apply(_random, body) : body;
    }

    public string Path { get; }

    public bool GzipDeclared { get; }

    public byte[] Body { get; }

    /// <summary>The body in DATA frames cut anywhere, some padded, some empty.</summary>
    public IEnumerable<Http2Frame> DataFrames(int stream)
    {
        int at = 0;
        while (at < Body.Length)
        {
            int length = Math.Min(Body.Length - at, _random.Next(6) switch { 0 => 0, 1 => _random.Next(1, 8), _ => _random.Next(1, Http2Frame.MaxPayload - 256) });
            byte[] part = Body[at..(at + length)];
            at += length;
            yield return _random.Next(8) == 0
                ? new Http2Frame(FrameKind.Data, Http2Frame.Padded, stream, [3, .. part, 0, 0, 0])
                : Http2Frame.Data(stream, part);
        }
        yield return Http2Frame.Data(stream, [], Http2Frame.EndStream);
    }

    /// <summary>Whether the call may end so. Broken gzip may pass the limit before its fault shows.</summary>
    public bool Allows(int? status)
    {
        StatusCode expected = Expected();
        return status == (int)expected
            || (expected == StatusCode.Internal && GzipDeclared && Body.Length > 1_000 && status == (int)StatusCode.ResourceExhausted);
    }

    /// <summary>What the protocol makes of the body, read independently of the code under test.</summary>
    public StatusCode Expected()
    {
        ReadOnlySpan<byte> rest = Body;
        var messages = new List<byte[]>();
        while (!rest.IsEmpty)
        {
            if (rest.Length < GrpcBytes.HeaderBytes) return StatusCode.Internal;
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
            if (rest[0] > 1) return StatusCode.Internal;
            if (length > Limit) return StatusCode.ResourceExhausted;
            if (rest[0] == 1 && !GzipDeclared) return StatusCode.Internal;
            if (length > rest.Length - GrpcBytes.HeaderBytes) return StatusCode.Internal;
            byte[]? message = rest.Slice(GrpcBytes.HeaderBytes, (int)length).ToArray();
            if (rest[0] == 1 && Expand(message, out message) is not StatusCode.Ok and var failure) return failure;
            messages.Add(message!);
            rest = rest[(GrpcBytes.HeaderBytes + (int)length)..];
            if (Path == ProbePaths.Echo && messages.Count > 1) return StatusCode.Unimplemented;
            // Streams are parsed message by message; the single message of a unary call once its end is there.
            if (Path != ProbePaths.Echo && !Parses(messages[^1])) return StatusCode.Internal;
        }
        if (Path != ProbePaths.Echo) return StatusCode.Ok;
        if (messages.Count == 0) return StatusCode.Unimplemented;
        return Parses(messages[0]) ? StatusCode.Ok : StatusCode.Internal;
    }

    private byte[] Frame()
    {
        byte[] message = new WireMessage(_random).Write(ProbeRequest.Descriptor, 0);
        return _random.Next(12) switch
        {
            0 => GrpcBytes.Frame(message, 0, (uint)(message.Length + _random.Next(-3, 4))),
            1 => GrpcBytes.Frame(message, 0, _random.Next(2) == 0 ? uint.MaxValue : (uint)_random.Next()),
            2 => GrpcBytes.Frame(message, (byte)_random.Next(2, 256)),
            3 or 4 => GrpcBytes.Frame(GrpcBytes.Gzip(message), 1),
            5 => GrpcBytes.Frame(ByteMutation.Apply(_random, GrpcBytes.Gzip(message)), 1),
            6 => GrpcBytes.Frame(Bomb, 1),
            7 => GrpcBytes.Frame(GrpcBytes.Gzip(message) is var gzip ? gzip[.._random.Next(gzip.Length)] : [], 1),
            8 => GrpcBytes.Frame([], (byte)_random.Next(2)),
            _ => GrpcBytes.Frame(message),
        };
    }

    private static bool Parses(byte[] message)
    {
        try
        {
            ProbeRequest.Parser.ParseFrom(message);
            // Google.Protobuf takes strings that are no UTF-8; TextPlanTests hold what refuses them.
            return TextPlan.Of(ProbeRequest.Descriptor)!.FindInvalid(message) is null;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static StatusCode Expand(byte[] compressed, out byte[]? expanded)
    {
        expanded = null;
        var output = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
            gzip.CopyTo(output);
        }
        catch (InvalidDataException)
        {
            return StatusCode.Internal;
        }
        expanded = output.ToArray();
        if (expanded.Length > Limit) return StatusCode.ResourceExhausted;
        // GZipStream does not notice that its source was cut; the length at the end of every member tells (RFC 1952, 2.3.1).
        if (compressed.Length < 18) return StatusCode.Internal;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(compressed.AsSpan(compressed.Length - 4));
        return length == expanded.Length ? StatusCode.Ok : StatusCode.Internal;
    }
}
