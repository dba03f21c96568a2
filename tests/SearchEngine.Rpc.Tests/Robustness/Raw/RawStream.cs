using System.Globalization;

namespace SearchEngine.Rpc.Tests.Robustness.Raw;

/// <summary>What came back on one stream. Written by the connection's reader; read it once <see cref="Ended"/> is complete.</summary>
internal sealed class RawStream(int id)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _data = new();

    public int Id { get; } = id;

    /// <summary>Complete once the stream has its END_STREAM, was reset, or lost its connection.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Complete once the first HEADERS frame, or the end, is there.</summary>
    public Task HeadersArrived => _headers.Task;

    /// <summary>One list for each HEADERS frame.</summary>
    public List<List<(string Name, string Value)>> HeaderBlocks { get; } = [];

    public bool EndedInOrder { get; private set; }

    public uint? ResetCode { get; private set; }

    public long DataBytes => _data.Length;

    /// <summary>The frames as they came, for tests that care for their order.</summary>
    public List<FrameKind> Frames { get; } = [];

    public string? HttpStatus => Find(HeaderBlocks.FirstOrDefault(), ":status");

    /// <summary>Null when no status came; more than one is an error that <see cref="RawReplies"/> looks for.</summary>
    public int? GrpcStatus => Find(HeaderBlocks.LastOrDefault(), "grpc-status") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public string? GrpcMessage => Find(HeaderBlocks.LastOrDefault(), "grpc-message");

    public byte[] Data() => _data.ToArray();

    public string? Header(string name) => Find(HeaderBlocks.FirstOrDefault(), name);

    public void Take(Http2Frame frame, HeaderReader reader)
    {
        Frames.Add(frame.Kind);
        switch (frame.Kind)
        {
            case FrameKind.Headers:
                HeaderBlocks.Add(reader.Read(frame.Payload));
                break;
            case FrameKind.Data:
                _data.Write(frame.Payload);
                break;
            case FrameKind.Reset:
                ResetCode = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(frame.Payload);
                End();
                return;
        }
        if (frame.Kind == FrameKind.Headers) _headers.TrySetResult();
        if (frame.Kind is not (FrameKind.Headers or FrameKind.Data) || (frame.Flags & Http2Frame.EndStream) == 0) return;
        EndedInOrder = true;
        End();
    }

    /// <summary>The connection is gone or the reset came: nothing follows.</summary>
    public void End()
    {
        _headers.TrySetResult();
        _ended.TrySetResult();
    }

    public override string ToString() =>
        $"stream {Id}: http {HttpStatus ?? "-"}, grpc {GrpcStatus?.ToString(CultureInfo.InvariantCulture) ?? "-"} '{GrpcMessage}', reset {ResetCode?.ToString(CultureInfo.InvariantCulture) ?? "-"}, "
        + $"{DataBytes} bytes, ended {(EndedInOrder ? "in order" : "otherwise")}, frames {string.Join(' ', Frames.Take(10))}";

    private static string? Find(List<(string Name, string Value)>? headers, string name) =>
        headers?.Where(header => header.Name == name).Select(header => header.Value).FirstOrDefault();
}
