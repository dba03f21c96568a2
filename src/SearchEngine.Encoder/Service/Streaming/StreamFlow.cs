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
    /// <summary>Sequences of one stream in the queue: enough to fill batches of every length, not enough to fill the queue.</summary>
    private const int Window = 256;

    private readonly SemaphoreSlim _room = new(Window);
    private readonly Channel<StreamOutcome> _outcomes =
        Channel.CreateUnbounded<StreamOutcome>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Lock _gate = new();
    private readonly HashSet<WaitingText> _waiting = [];

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
            TextEnded(new StreamOutcome(new Wire.SequencedItem { Sequence = sequence, Error = ItemErrors.ToItem(refused) }, guess));
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

    public void SequenceEnded(WaitingText waiting)
    {
        lock (_gate)
            _waiting.Remove(waiting);
        _room.Release();
    }

    public void TextEnded(StreamOutcome outcome)
    {
        _outcomes.Writer.TryWrite(outcome);
        End();
    }

    /// <summary>The stream is over: what still waits is run for nobody.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            foreach (var text in _waiting)
                text.Abandon();
        }
        state.Queue.Sweep();
    }

    private async Task QueueAsync(StreamedText sink, PreparedText prepared)
    {
        var (place, group) = (0, plan.Group);
        foreach (var tokens in prepared.Sequences)
        {
            await _room.WaitAsync(call.Cancellation).ConfigureAwait(false);
            var now = state.Queue.Now;
            var waiting = new WaitingText(group, lane, tokens, sink, place++) { Arrived = now, Deadline = now + call.RemainingMillis };
            lock (_gate)
                _waiting.Add(waiting);
            state.Queue.SubmitWithin([waiting]);
        }
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _outcomes.Writer.TryComplete();
    }
}
