using System.Threading.Channels;
using SearchEngine.Collections.Writes;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Points;

/// <summary>
/// Points.Upload: one flow reads frames and hands them to the engine, the other waits for each in order and answers: what is done, what
/// was refused, what may be sent. Credits bound what is between the two.
/// </summary>
internal sealed class UploadStream(
    CallContext context, Wire.UploadHeader header, ResumeLease resume, PointTexts texts, RequestStream<Wire.UploadRequest> requests,
    ReplyStream<Wire.UploadReply> replies)
{
    /// <summary>Points that the engine is handed at once.</summary>
    private const int BatchItems = 1_000;

    private const int MaxInFlight = 256;

    private readonly UploadCreditLedger _credits = new();
    private readonly WriteMode _mode = PointBatch.Mode(header.Mode);
    private readonly AckLevel? _ack = SettingsMap.Ack(header.AckLevel, "header.ack_level");
    private readonly Origins _origins = Origins.Read(context.Schema, header.Origin, header.VectorOrigins);
    private readonly Channel<UploadStep> _steps =
        Channel.CreateBounded<UploadStep>(new BoundedChannelOptions(MaxInFlight) { SingleReader = true, SingleWriter = true });

    private readonly Lock _gate = new();
    private readonly List<Task> _inFlight = [];
    private bool _stopped;
    private ulong _received = resume.AcknowledgedThrough;
    private ulong _through = resume.AcknowledgedThrough;
    private ulong _written;
    private ulong _refused;
    private ulong _truncated;

    public static async Task<Wire.UploadHeader> ReadHeaderAsync(RequestStream<Wire.UploadRequest> requests) =>
        (await requests.ReadAsync().ConfigureAwait(false))?.Header
        ?? throw Refusal.Of(Wire.ErrorReason.FrameOrder, "header", "The first frame of an upload is its header.", "Send UploadHeader first.");

    public async Task RunAsync()
    {
        _origins.CheckRequired();
        await replies.WriteAsync(new Wire.UploadReply
        {
            Started = new Wire.UploadStarted
            {
                Header = context.ReplyHeader(),
                AcknowledgedThrough = resume.AcknowledgedThrough,
                Credits = UploadCreditLedger.First,
            },
        }).ConfigureAwait(false);
        Task reading = ReadAsync();
        Task answering = AnswerAsync();
        try
        {
            // Whichever fails ends the stream, whatever the other one waits for.
            await (await Task.WhenAny(reading, answering).ConfigureAwait(false)).ConfigureAwait(false);
            await Task.WhenAll(reading, answering).ConfigureAwait(false);
        }
        finally
        {
            await WindUpAsync(reading, answering).ConfigureAwait(false);
        }
        PointTexts.WarnOfCuts(context, _truncated, "items.points");
        Wire.ReplyHeader closing = context.WriteHeader(context.Collection.Sequence);
        await replies.WriteAsync(new Wire.UploadReply
        {
            Summary = new Wire.UploadSummary { Header = closing, Written = _written, Refused = _refused, AcknowledgedThrough = _through, TextsTruncated = _truncated },
        }).ConfigureAwait(false);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await requests.ReadAsync().ConfigureAwait(false) is { } frame)
            {
                Wire.UploadItems items = frame.Items ?? throw Refusal.Of(
                    Wire.ErrorReason.FrameOrder, "header", "After the first frame come points.", "Send UploadItems.");
                CheckOrder(items);
                int bytes = items.CalculateSize();
                _credits.Spend(items.Points.Count, bytes);
                await TakeAsync(items, bytes).ConfigureAwait(false);
            }
        }
        finally
        {
            _steps.Writer.TryComplete();
        }
    }

    private void CheckOrder(Wire.UploadItems items)
    {
        if (items.Points.Count == 0)
        {
            throw Refusal.Required("items.points", "Send at least one point in a frame.");
        }
        if (items.FirstSequence == 0 || items.FirstSequence > _received + 1)
        {
            throw Refusal.Of(
                Wire.ErrorReason.FrameOrder, "items.first_sequence", $"Sequence number {items.FirstSequence} came where {_received + 1} follows.",
                "Number points from 1, without gaps.", Refusal.Number((long)_received + 1), items.FirstSequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Hands a frame to the engine in batches; what came before is skipped.</summary>
    private async Task TakeAsync(Wire.UploadItems items, int bytes)
    {
        int skipped = (int)Math.Min((ulong)items.Points.Count, _received + 1 - items.FirstSequence);
        int at = skipped;
        Wire.Point[] points = [.. items.Points];
        do
        {
            int count = Math.Min(BatchItems, points.Length - at);
            ulong first = items.FirstSequence + (ulong)at;
            at += count;
            // The credits of a frame come back with its last batch.
            bool isLast = at == points.Length;
            UploadStep step = await SubmitAsync(new ArraySegment<Wire.Point>(points, at - count, count), first).ConfigureAwait(false) with
            {
                Items = isLast ? points.Length : 0,
                Bytes = isLast ? bytes : 0,
            };
            await _steps.Writer.WriteAsync(step, context.Cancellation).ConfigureAwait(false);
        }
        while (at < points.Length);
    }

    /// <summary>Texts are encoded before the next frame is read: what is written keeps the order it came in.</summary>
    private async ValueTask<UploadStep> SubmitAsync(ArraySegment<Wire.Point> points, ulong first)
    {
        if (points.Count == 0)
        {
            return new UploadStep(null, first, _received, Task.FromResult<WriteReport?>(null));
        }
        PointBatch batch = PointBatch.Read(points, context.Schema, _origins, _mode);
        _truncated += (ulong)(await texts.CompleteAsync(batch, context, first, context.Cancellation).ConfigureAwait(false)).Count;
        ulong through = first + (ulong)points.Count - 1;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            if (first <= resume.DoubtThrough && batch.Operations.Count > 0)
            {
                batch.LeaveOut(WrittenBefore.Of(context, batch));
            }
            resume.Reserve(through);
            Task<WriteReport?> written = WriteAsync(batch);
            _inFlight.RemoveAll(static t => t.IsCompleted);
            _inFlight.Add(written);
            _received = through;
            return new UploadStep(batch, first, through, written);
        }
    }

    private async Task<WriteReport?> WriteAsync(PointBatch batch) => batch.Operations.Count == 0
        ? null
        : await context.Collection.WriteAsync(batch.Operations, new WriteOptions(_ack, ItemPolicy.SkipItem, context.Caller.Injected), CancellationToken.None).ConfigureAwait(false);

    private async Task AnswerAsync()
    {
        await foreach (UploadStep step in _steps.Reader.ReadAllAsync(context.Cancellation).ConfigureAwait(false))
        {
            WriteReport? report = await step.Written.ConfigureAwait(false);
            Count(step, report);
            QueueReplies(step);
            await replies.WriteAsync(new Wire.UploadReply
            {
                Ack = new Wire.UploadAck
                {
                    ThroughSequence = _through,
                    ConsistencyToken = ConsistencyToken.Of(context.Collection, report?.Sequence ?? context.Collection.Sequence),
                },
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Refusals and credits; the acknowledgement behind them sends all three.</summary>
    private void QueueReplies(UploadStep step)
    {
        if (step.Batch is { Refused.Count: > 0 } batch)
        {
            var refusals = new Wire.UploadRefusals();
            refusals.Refused.Add(batch.AsItems(step.First));
            replies.Write(new Wire.UploadReply { Refusals = refusals });
        }
        if (step.Items > 0)
        {
            replies.Write(new Wire.UploadReply { Credits = _credits.Grant(step.Items, step.Bytes) });
        }
    }

    private void Count(UploadStep step, WriteReport? report)
    {
        if (report is not null)
        {
            step.Batch!.Refuse(report.Refused);
            _written += (ulong)report.Applied;
        }
        _refused += (ulong)(step.Batch?.Refused.Count ?? 0);
        _through = Math.Max(_through, step.Through);
        (context.Record.Affected, context.Record.Refused) = ((long)_written, (long)_refused);
        resume.Acknowledge(_through);
    }

    /// <summary>Nothing is written any more once this ends: the next stream under the same key may begin.</summary>
    private async Task WindUpAsync(Task reading, Task answering)
    {
        Task[] written;
        lock (_gate)
        {
            _stopped = true;
            written = [.. _inFlight];
        }
        // How they end has been told, or the client has gone.
        await Task.WhenAll(written).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (Task flow in (Task[])[reading, answering])
        {
            _ = flow.ContinueWith(
                static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    /// <summary>A batch on its way.</summary>
    /// <param name="Batch">Null where all of a frame had come before.</param>
    /// <param name="First">Sequence number of its first point.</param>
    /// <param name="Through">Of its last one.</param>
    /// <param name="Written">Null where nothing was left to write.</param>
    private sealed record UploadStep(PointBatch? Batch, ulong First, ulong Through, Task<WriteReport?> Written)
    {
        /// <summary>Credits that come back with it.</summary>
        public int Items { get; init; }

        public int Bytes { get; init; }
    }
}
