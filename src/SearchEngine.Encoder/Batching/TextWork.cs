using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Inference;

namespace SearchEngine.Encoder.Batching;

/// <summary>The texts of a unary call: complete when the last is done, failed with the first that fails.</summary>
/// <param name="model">What runs them.</param>
/// <param name="count">Texts.</param>
/// <param name="read">Copies one text's result out of its batch.</param>
internal sealed class TextWork<T>(LoadedModel model, int count, Func<EncodedBatch, int, T> read) : ITextSink
{
    private readonly TaskCompletionSource<T[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly T[] _results = new T[count];
    private IReadOnlyList<WaitingText> _texts = [];
    private int _left = count;

    public LoadedModel Model => model;

    public BatchTally Tally { get; } = new();

    /// <summary>Hands the texts to the queue and waits for their results, in the order of their places.</summary>
    /// <param name="queue">Where they wait.</param>
    /// <param name="own">Runs a query on this thread where no executor is at work.</param>
    /// <param name="texts">With this as their sink.</param>
    /// <param name="remaining">Milliseconds until the results are worth nothing any more.</param>
    /// <param name="cancel">Takes texts that have not been dispatched out of the queue.</param>
    public async Task<T[]> RunAsync(
        BatchQueue queue, BatchRunner own, IReadOnlyList<WaitingText> texts, double remaining, CancellationToken cancel)
    {
        _texts = texts;
        if (queue.SubmitOrTake(texts, remaining) is { } batch)
        {
            own.Run(batch);
            return await _completion.Task.ConfigureAwait(false);
        }
        var registration = cancel.UnsafeRegister(
            static (state, token) =>
            {
                var (work, queue) = ((TextWork<T>, BatchQueue))state!;
                work.Abandon();
                queue.Sweep();
                work._completion.TrySetCanceled(token);
            },
            (this, queue));
        await using (registration.ConfigureAwait(false))
            return await _completion.Task.ConfigureAwait(false);
    }

    public void Done(WaitingText text, EncodedBatch results, int row, BatchFacts facts)
    {
        Tally.Add(text, facts);
        _results[text.Place] = read(results, row);
        if (Interlocked.Decrement(ref _left) == 0)
            _completion.TrySetResult(_results);
    }

    public void Failed(WaitingText text, Exception why)
    {
        // The call has failed: what else of it waits would be run for nobody.
        Abandon();
        _completion.TrySetException(why);
    }

    private void Abandon()
    {
        foreach (var text in _texts)
            text.Abandon();
    }
}
