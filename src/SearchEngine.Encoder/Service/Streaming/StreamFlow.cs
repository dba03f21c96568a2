using System.Threading.Channels;
using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Calls;
using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Service.Streaming;

/// <summary>
/// What goes through a stream: texts in, prepared and queued within a window; outcomes out, as they are done. One flow puts texts in,
/// executors end them, another flow takes outcomes. Credits bound the outcomes that wait, the window what waits in the queue.
/// </summary>
internal sealed class StreamFlow(EncoderState state, EncoderCall call, EncodePlan plan, LaneKind lane)
{
    private readonly StreamWindow _window = new(state.Queue.Rules.QueueMillis[(int)lane]);
    private readonly Channel<StreamOutcome> _outcomes =
        Channel.CreateUnbounded<StreamOutcome>(new UnboundedChannelOptions { SingleReader = true });

    // The flow that puts texts in counts as one.
    private int _open = 1;

    public EncodePlan Plan => plan;

    public BatchTally Tally { get; } = new();

    public CreditLedger Credits { get; } = new();

    public long Truncated { get; private set; }

    /// <summary>Complete once every text that was put in has its outcome.</summary>
    public ChannelReader<StreamOutcome> Outcomes => _outcomes.Reader;

    /// <summary>Puts a text in; one that cannot be encoded has its outcome at once.</summary>
    /// <exception cref="RpcException">It is beyond the credits: the stream is over.</exception>
    public async Task PutAsync(ulong sequence, string text)
    {
        Interlocked.Increment(ref _open);
        var guess = CreditLedger.Guess(System.Text.Encoding.UTF8.GetByteCount(text));
        PreparedText prepared;
        try
        {
            prepared = TextPreparation.Prepare(plan, text, "text");
        }
        catch (RpcException refused)
        {
            var item = new Wire.SequencedItem { Sequence = sequence, Error = ItemErrors.ToItem(refused) };
            TextEnded(new StreamOutcome(item, Math.Max(guess, TextFaults.TokensOf(refused))));
            return;
        }
        var tokens = prepared.Sequences.Sum(s => s.Count);
        Credits.SpendTokens(Math.Min(guess, tokens));
        if (prepared.Tokens is { Truncation.IsCut: true })
        {
            Truncated++;
            state.Metrics.Truncated(plan.Truncation.ToString()!, 1);
        }
        await QueueAsync(new StreamedText(this, sequence, prepared, Math.Max(guess, tokens)), prepared).ConfigureAwait(false);
    }

    /// <summary>Nothing more is put in.</summary>
    public void PutLast() => End();

    public void SequenceEnded(WaitingText waiting) => _window.Leave(waiting);

    /// <summary>A text is over before all of its sequences are: the others leave the queue.</summary>
    public void Drop(StreamedText text)
    {
        if (_window.Abandon(waiting => waiting.Sink == text) > 0)
            state.Queue.Sweep();
    }

    public void TextEnded(StreamOutcome outcome)
    {
        _outcomes.Writer.TryWrite(outcome);
        End();
    }

    /// <summary>The stream is over: what still waits is run for nobody.</summary>
    public void Abandon()
    {
        _window.Abandon(static _ => true);
        state.Queue.Sweep();
    }

    private async Task QueueAsync(StreamedText sink, PreparedText prepared)
    {
        var (place, group) = (0, plan.Group);
        foreach (var tokens in prepared.Sequences)
        {
            var room = await _window.TakeAsync(group.ShareMillis(tokens.Count), call.Cancellation).ConfigureAwait(false);
            var now = state.Queue.Now;
            var waiting = new WaitingText(group, lane, tokens, sink, place++) { Arrived = now, Deadline = now + call.RemainingMillis };
            _window.Enter(waiting, room);
            // Asked after it has entered, so that a sequence that fails meanwhile takes this one out, or is seen here.
            if (sink.IsOver)
            {
                _window.Leave(waiting);
                return;
            }
            Submit(sink, waiting);
        }
    }

    private void Submit(StreamedText sink, WaitingText waiting)
    {
        try
        {
            state.Queue.SubmitWithin(waiting);
        }
        catch (RpcException crowded) when (crowded.Reason == Reasons.NameOf(Wire.ErrorReason.Overloaded))
        {
            sink.Failed(waiting, crowded);
        }
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _outcomes.Writer.TryComplete();
    }
}
