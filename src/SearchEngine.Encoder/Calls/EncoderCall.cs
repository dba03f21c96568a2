using System.Diagnostics;
using Google.Protobuf;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder.Calls;

/// <summary>One call: its envelope, its deadline (the caller's, or the server's own), and what its reply's header will say. One flow at a time.</summary>
internal sealed class EncoderCall : IDisposable
{
    private static readonly TimeSpan InteractiveDeadline = TimeSpan.FromSeconds(10), BulkDeadline = TimeSpan.FromSeconds(60);

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ServerCall _call;
    private readonly Wire.RequestHeader _header;
    private readonly List<Wire.Warning> _warnings = [];
    private TimeSpan? _applied;
    private CancellationTokenSource? _limited;

    public EncoderCall(ServerCall call, Wire.RequestHeader? header)
    {
        (_call, _header) = (call, header ?? new Wire.RequestHeader());
        Envelope.Check(_header);
        if (_header.Collection.Length > 0)
        {
            throw Refusal.Invalid(
                "header.collection", "An encoder has no collections.", "Leave it empty; the model is named in the request.", _header.Collection);
        }
    }

    public Wire.Timings Timings { get; } = new();

    public Wire.Cost Cost { get; } = new();

    /// <summary>As the header says; UNSPECIFIED where it does not.</summary>
    public Wire.Lane Lane => _header.Lane;

    /// <summary>Bytes of the largest message that the caller takes.</summary>
    public int ReplyLimit => Envelope.ReplyLimit(_header);

    /// <summary>Cancelled when the caller goes, its deadline passes, or the server's own does.</summary>
    public CancellationToken Cancellation => _limited?.Token ?? _call.Cancellation;

    /// <summary>Milliseconds left; infinite where nothing limits the call.</summary>
    public double RemainingMillis => _call.Remaining is { } left
        ? left.TotalMilliseconds
        : _applied is { } own ? Math.Max(0, (own - Stopwatch.GetElapsedTime(_began)).TotalMilliseconds) : double.PositiveInfinity;

    private double ElapsedMicros => Stopwatch.GetElapsedTime(_began).TotalMicroseconds;

    /// <summary>Limits a call whose caller set no deadline; the reply says so.</summary>
    public void ApplyDeadline(Batching.LaneKind lane)
    {
        if (_call.Remaining is not null)
            return;
        _applied = lane == Batching.LaneKind.Bulk ? BulkDeadline : InteractiveDeadline;
        _limited = CancellationTokenSource.CreateLinkedTokenSource(_call.Cancellation);
        _limited.CancelAfter(_applied.Value);
    }

    /// <summary>Work of the call; when the server's own deadline ends it, the caller is told which it was.</summary>
    public async Task<T> WithinDeadlineAsync<T>(Task<T> work)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_limited is { IsCancellationRequested: true } && !_call.Cancellation.IsCancellationRequested)
        {
            throw Refusal.Of(
                    Wire.ErrorReason.Deadline, "", $"The call has no deadline of its own, and the server's, {_applied!.Value.TotalSeconds} s, is over.",
                    "Set a deadline that is long enough, or use EncodeStream.", limit: $"{(long)_applied.Value.TotalMicroseconds} us")
                .With("elapsed_micros", Refusal.Number((long)ElapsedMicros));
        }
    }

    public void Warn(Wire.WarningKind kind, string field, string message) =>
        _warnings.Add(new Wire.Warning { Kind = kind, Field = field, Message = message });

    public Wire.ReplyHeader ReplyHeader()
    {
        Timings.TotalMicros = (uint)Math.Min(uint.MaxValue, ElapsedMicros);
        var header = new Wire.ReplyHeader
        {
            ServerVersion = EncoderState.Version,
            RequestId = _header.RequestId,
            Timings = Timings,
            Cost = Cost,
            AppliedDeadlineMicros = (ulong)(_applied?.TotalMicroseconds ?? 0),
        };
        header.Warnings.Add(_warnings);
        return header;
    }

    /// <summary>The reply, unless it is larger than the caller takes.</summary>
    public T Sized<T>(T reply)
        where T : IMessage
    {
        var size = reply.CalculateSize();
        return size <= ReplyLimit ? reply : throw TooLarge(size, ReplyLimit);
    }

    public void Dispose() => _limited?.Dispose();

    public static RpcException TooLarge(int size, int limit) => Refusal.Of(
            Wire.ErrorReason.MessageTooLarge, "header.max_reply_bytes", $"The reply has {size} bytes, {limit} were allowed.",
            "Send fewer texts at once, allow larger replies, or use EncodeStream.",
            actual: Refusal.Number(size), limit: $"{Refusal.Number(limit)} bytes")
        .With("stream", "searchengine.v1.Encoder/EncodeStream");
}
