using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Calls;

/// <summary>Runs the sequences of a unary call through the queue, and writes down what they cost.</summary>
/// <param name="State">Of the process.</param>
/// <param name="Call">Whose deadline and cancellation hold.</param>
/// <param name="Lane">Where they wait.</param>
internal sealed record CallRun(EncoderState State, EncoderCall Call, LaneKind Lane)
{
    /// <summary>The batches the sequences went through; known once they are done.</summary>
    public Wire.BatchReport Report { get; private set; } = new();

    /// <summary>Limits the call, and refuses it before it is tokenized if its lane is full or it is too late.</summary>
    public static CallRun Admit(EncoderState state, EncoderCall call, LaneKind lane)
    {
        call.ApplyDeadline(lane);
        state.Queue.Knock(lane, call.RemainingMillis);
        return new CallRun(state, call, lane);
    }

    /// <summary>One result for each sequence, in their order.</summary>
    /// <param name="model">What runs them.</param>
    /// <param name="group">How.</param>
    /// <param name="sequences">Tokens with everything around them.</param>
    /// <param name="read">Copies one row's result out of its batch.</param>
    public async Task<T[]> RunAsync<T>(
        LoadedModel model, BatchGroup group, IReadOnlyList<TokenSequence> sequences, Func<EncodedBatch, int, T> read)
    {
        var work = new TextWork<T>(model, sequences.Count, read);
        var (now, remaining) = (State.Queue.Now, Call.RemainingMillis);
        var waiting = new WaitingText[sequences.Count];
        for (var place = 0; place < waiting.Length; place++)
            waiting[place] = new WaitingText(group, Lane, sequences[place], work, place) { Arrived = now, Deadline = now + remaining };
        var results = await Call.WithinDeadlineAsync(work.RunAsync(State.Queue, State.Own, waiting, remaining, Call.Cancellation)).ConfigureAwait(false);
        work.Tally.Fill(Call.Timings, Call.Cost);
        Report = work.Tally.Report();
        return results;
    }
}
