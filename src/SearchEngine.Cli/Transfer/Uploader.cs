using SearchEngine.Cli.Remote;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Cli.Transfer;

/// <summary>
/// Points.Upload over as many streams as it takes: a stream that breaks is followed by another under the same resume key, which
/// begins where the server stands. Never sends beyond the credits.
/// </summary>
internal sealed class Uploader(Session session, Wire.UploadHeader header, PointQueue points, Action<UploadState> progress)
{
    /// <summary>Of one frame; several small ones let acknowledgements come while others travel.</summary>
    private const int FramePoints = 500;

    private const int FrameBytes = 1 << 20;

    /// <summary>The largest frame that the contract allows, less the frame's own fields.</summary>
    private const int MostPointBytes = (4 << 20) - 64;

    /// <summary>Tag, length and the frame's own fields, for each point.</summary>
    private const int PointOverhead = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly UploadState _state = new();

    /// <param name="patience">How long a server may be away before this gives up.</param>
    /// <param name="cancel">Ends between two frames; what is acknowledged stays, and a later run goes on behind it.</param>
    public async Task<UploadState> RunAsync(TimeSpan patience, CancellationToken cancel)
    {
        TimeSpan pause = FirstPause, away = TimeSpan.Zero;
        while (true)
        {
            ulong before = points.Acknowledged;
            try
            {
                await StreamAsync(cancel).ConfigureAwait(false);
                return _state;
            }
            catch (RpcException broken) when (broken.Code == StatusCode.Unavailable || IsBroken(broken))
            {
                if (points.Acknowledged > before) (pause, away) = (FirstPause, TimeSpan.Zero);
                if (away >= patience) throw;
                _state.Breaks++;
                _state.Trouble = broken.Message;
                progress(_state);
                await Task.Delay(pause, cancel).ConfigureAwait(false);
                away += pause;
                pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
            }
        }
    }

    // A process that is killed resets its streams instead of ending them.
    private static bool IsBroken(RpcException error) => error.Reason is null && error.Code is StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown;

    private async Task StreamAsync(CancellationToken cancel)
    {
        await using DuplexCall<Wire.UploadRequest, Wire.UploadReply> call = await session.Channel.DuplexAsync(Api.Upload, cancellation: cancel).ConfigureAwait(false);
        await WriteAsync(call, new Wire.UploadRequest { Header = header }).ConfigureAwait(false);
        (long items, long bytes, bool isStarted, bool isWhole) = (0, 0, false, false);
        Task<Wire.UploadReply?> reading = call.ReadAsync().AsTask();
        while (true)
        {
            if (!reading.IsCompleted && Frame(items, bytes) is { } frame)
            {
                (items, bytes) = (items - frame.Points.Count, bytes - frame.CalculateSize());
                await WriteAsync(call, new Wire.UploadRequest { Items = frame }).ConfigureAwait(false);
                continue;
            }
            // Before the stream has begun, what an earlier one has sent only looks done: the start says what of it is sent again.
            if (!isWhole && isStarted && !points.TryPeek(out _))
            {
                call.CompleteRequests();
                isWhole = true;
            }
            if (await reading.ConfigureAwait(false) is not { } reply)
            {
                RequireAllDone();
                return;
            }
            Take(reply);
            isStarted |= reply.Started is not null;
            if ((reply.Started?.Credits ?? reply.Credits) is { } more) (items, bytes) = (items + more.Items, bytes + more.Bytes);
            reading = call.ReadAsync().AsTask();
        }
    }

    /// <summary>A stream that ends well has acknowledged everything; one that has not is followed by another.</summary>
    private void RequireAllDone()
    {
        if (points.Acknowledged + 1 < points.NextNumber || points.TryPeek(out _))
        {
            throw new RpcException(StatusCode.Unavailable, $"The server ended the upload after record {points.Acknowledged}, and there are more.");
        }
    }

    private void Take(Wire.UploadReply reply)
    {
        switch (reply.FrameCase)
        {
            case Wire.UploadReply.FrameOneofCase.Started:
                points.BeginAfter(reply.Started.AcknowledgedThrough);
                _state.Begin(reply.Started.AcknowledgedThrough);
                break;
            case Wire.UploadReply.FrameOneofCase.Ack:
                points.Acknowledge(reply.Ack.ThroughSequence);
                _state.Acknowledged = reply.Ack.ThroughSequence;
                break;
            case Wire.UploadReply.FrameOneofCase.Refusals:
                _state.Refuse(reply.Refusals.Refused);
                break;
            case Wire.UploadReply.FrameOneofCase.Summary:
                points.Acknowledge(reply.Summary.AcknowledgedThrough);
                _state.Acknowledged = reply.Summary.AcknowledgedThrough;
                _state.Written += reply.Summary.Written;
                _state.TextsCut += reply.Summary.TextsTruncated;
                break;
            default:
                return;
        }
        progress(_state);
    }

    /// <summary>The next points as far as the credits go; null where not even one does, or there is none.</summary>
    private Wire.UploadItems? Frame(long items, long bytes)
    {
        var frame = new Wire.UploadItems { FirstSequence = points.NextNumber };
        long left = Math.Min(FrameBytes, bytes) - PointOverhead;
        while (frame.Points.Count < Math.Min(FramePoints, items) && points.TryPeek(out Wire.Point point))
        {
            int size = point.CalculateSize() + PointOverhead;
            if (size > MostPointBytes)
            {
                throw new InputException($"{PointMap.Show(point.Id)} has {size} bytes; a point has {MostPointBytes} at most.");
            }
            // A large point goes alone.
            if (size > left && (frame.Points.Count > 0 || size + PointOverhead > bytes)) break;
            left -= size;
            frame.Points.Add(point);
            points.Sent();
        }
        return frame.Points.Count > 0 ? frame : null;
    }

    private static async Task WriteAsync(DuplexCall<Wire.UploadRequest, Wire.UploadReply> call, Wire.UploadRequest request)
    {
        try
        {
            await call.WriteAsync(request).ConfigureAwait(false);
        }
        catch (RequestsClosedException)
        {
            // The server has ended the call; its last frames say why.
        }
    }
}
