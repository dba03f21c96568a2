using SearchEngine.Encoder.Calls;
using SearchEngine.Encoder.Service.Streaming;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder.Service;

/// <summary>Encoder.EncodeStream: one flow reads texts, another sends what is done, in any order.</summary>
internal sealed class EncodeStreamRpc
{
    /// <summary>A frame of items is sent when it has so much, or nothing more is ready.</summary>
    private const int FrameBytes = 1 << 20;

    // What a message and an item in it add to the bytes of their content, at most.
    private const int FrameSlack = 16, ItemSlack = 8;

    private readonly EncoderCall _call;
    private readonly StreamFlow _flow;
    private readonly RequestStream<Wire.EncodeStreamRequest> _requests;
    private readonly ReplyStream<Wire.EncodeStreamReply> _replies;
    private ulong _encoded;
    private ulong _failed;

    private EncodeStreamRpc(
        EncoderCall call, StreamFlow flow, RequestStream<Wire.EncodeStreamRequest> requests, ReplyStream<Wire.EncodeStreamReply> replies) =>
        (_call, _flow, _requests, _replies) = (call, flow, requests, replies);

    public static async ValueTask RunAsync(
        EncoderState state, RequestStream<Wire.EncodeStreamRequest> requests, ReplyStream<Wire.EncodeStreamReply> replies, ServerCall server)
    {
        var first = await requests.ReadAsync().ConfigureAwait(false);
        var header = first?.Header ?? throw Refusal.Of(
            Wire.ErrorReason.FrameOrder, "header", "The first frame of a stream is its header.", "Send EncodeStreamHeader first.");
        using var call = new EncoderCall(server, header.Header);
        var plan = EncodePlan.Read(state.Shelf, header.Options, "header.options");
        var lane = EncodePlan.StreamLane(plan.Side, call.Lane);
        state.Queue.Knock(lane, call.RemainingMillis);
        var flow = new StreamFlow(state, call, plan, lane);
        try
        {
            await new EncodeStreamRpc(call, flow, requests, replies).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            flow.Abandon();
        }
    }

    private async Task RunAsync()
    {
        await _replies.WriteAsync(new Wire.EncodeStreamReply
        {
            Started = new Wire.EncodeStarted
            {
                Header = _call.ReplyHeader(),
                Fingerprint = _flow.Plan.Model.Fingerprint,
                Credits = CreditLedger.First,
            },
        }).ConfigureAwait(false);
        var (reading, answering) = (ReadAsync(), AnswerAsync());
        try
        {
            // Whichever fails ends the stream, whatever the other one waits for.
            await (await Task.WhenAny(reading, answering).ConfigureAwait(false)).ConfigureAwait(false);
            await Task.WhenAll(reading, answering).ConfigureAwait(false);
        }
        finally
        {
            Observe(reading);
            Observe(answering);
        }
        _flow.Tally.Fill(_call.Timings, _call.Cost);
        await _replies.WriteAsync(new Wire.EncodeStreamReply
        {
            Summary = new Wire.EncodeSummary
            {
                Header = _call.ReplyHeader(),
                Encoded = _encoded,
                Failed = _failed,
                Truncated = (ulong)_flow.Truncated,
                Batch = _flow.Tally.Report(),
            },
        }).ConfigureAwait(false);
    }

    private async Task ReadAsync()
    {
        while (await _requests.ReadAsync().ConfigureAwait(false) is { } frame)
        {
            var items = frame.Items ?? throw Refusal.Of(
                Wire.ErrorReason.FrameOrder, "header", "After the first frame come texts.", "Send EncodeStreamItems.");
            if (items.Texts.Count == 0)
                throw Refusal.Required("items.texts", "Send at least one text in a frame.");
            _flow.Credits.SpendItems(items.Texts.Count);
            for (var i = 0; i < items.Texts.Count; i++)
                await _flow.PutAsync(unchecked(items.FirstSequence + (ulong)i), items.Texts[i]).ConfigureAwait(false);
        }
        _flow.PutLast();
    }

    private async Task AnswerAsync()
    {
        while (await _flow.Outcomes.WaitToReadAsync(_call.Cancellation).ConfigureAwait(false))
        {
            var frame = new Wire.EncodedItems();
            var tokens = Fill(frame);
            await _replies.WriteAsync(new Wire.EncodeStreamReply { Items = frame }).ConfigureAwait(false);
            // Credits follow what has been taken: a client that does not read is not let send.
            _flow.Credits.Grant(frame.Items.Count, tokens);
            await _replies.WriteAsync(new Wire.EncodeStreamReply
            {
                Credits = new Wire.EncodeCredits { Items = (uint)frame.Items.Count, Tokens = (uint)tokens },
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Takes what is ready and fits; returns the tokens that come back with it.</summary>
    private long Fill(Wire.EncodedItems frame)
    {
        var (bytes, tokens, limit) = (0, 0L, Math.Min(FrameBytes, _call.ReplyLimit) - FrameSlack);
        while (_flow.Outcomes.TryPeek(out var outcome))
        {
            var item = Fitting(outcome.Item);
            var size = item.CalculateSize() + ItemSlack;
            if (bytes > 0 && bytes + size > limit)
                break;
            _flow.Outcomes.TryRead(out _);
            (bytes, tokens) = (bytes + size, tokens + outcome.Tokens);
            Count(item);
            frame.Items.Add(item);
        }
        return tokens;
    }

    /// <summary>An item by itself larger than the caller takes is an item that failed.</summary>
    private Wire.SequencedItem Fitting(Wire.SequencedItem item)
    {
        var size = item.CalculateSize() + ItemSlack + FrameSlack;
        return size <= _call.ReplyLimit
            ? item
            : new Wire.SequencedItem { Sequence = item.Sequence, Error = ItemErrors.ToItem(EncoderCall.TooLarge(size, _call.ReplyLimit)) };
    }

    private void Count(Wire.SequencedItem item)
    {
        if (item.OutcomeCase == Wire.SequencedItem.OutcomeOneofCase.Item)
            _encoded++;
        else
            _failed++;
    }

    /// <summary>How a flow ends has been told, or the client has gone.</summary>
    private static void Observe(Task flow) => _ = flow.ContinueWith(
        static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
