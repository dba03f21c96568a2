using SearchEngine.Encoder.Loading;
using SearchEngine.Encoder.Operations;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Batching;

/// <summary>One thread that takes batches and runs them, with buffers of its own for every model.</summary>
internal sealed class Executor : IDisposable
{
    private readonly BatchQueue _queue;
    private readonly EncoderMetrics _metrics;
    private readonly Thread _thread;
    private readonly Dictionary<LoadedModel, EncoderRun> _runs = [];
    private readonly EncodedBatch _results = new();
    private readonly double _began;
    private double _busy;

    public Executor(BatchQueue queue, EncoderMetrics metrics, int number)
    {
        (_queue, _metrics, _began) = (queue, metrics, queue.Now);
        // A thread of its own: native runs take tens of milliseconds, which the pool's threads are not for.
        _thread = new Thread(Work) { Name = $"executor {number}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Share of its time that was spent in batches.</summary>
    public double BusyShare => Volatile.Read(ref _busy) / Math.Max(1, _queue.Now - _began);

    /// <summary>Waits for the batch at work; the queue must have stopped.</summary>
    public void Dispose()
    {
        _thread.Join();
        foreach (var run in _runs.Values)
            run.Dispose();
    }

    private void Work()
    {
        while (_queue.Take() is { } batch)
        {
            try
            {
                Run(batch);
            }
            catch (Exception fault)
            {
                // Whatever the runtime throws belongs to those who wait for this batch; the next one has nothing to do with it.
                foreach (var text in batch.Texts)
                    text.Sink?.Failed(text, fault);
            }
            finally
            {
                _queue.End(batch);
            }
        }
    }

    private void Run(ChosenBatch batch)
    {
        var model = batch.Texts[0].Sink!.Model;
        var tokens = new TokenSequence[batch.Texts.Count];
        for (var row = 0; row < tokens.Length; row++)
            tokens[row] = batch.Texts[row].Tokens;
        if (!_runs.TryGetValue(model, out var run))
            _runs.Add(model, run = model.Encoder.CreateRun());
        var (pace, options) = (batch.Texts[0].Group.Pace, batch.Texts[0].Group.Options);
        var began = _queue.Now;
        run.Encode(tokens, options, _results);
        var millis = _queue.Now - began;
        Volatile.Write(ref _busy, _busy + millis);
        pace.Learn(tokens.Length, batch.Length, millis);
        var facts = new BatchFacts(
            batch.Number, tokens.Length, _results.Tokens, _results.PaddedTokens, batch.Started, millis,
            batch.PredictedMillis);
        _metrics.BatchDone(model, batch, facts);
        for (var row = 0; row < tokens.Length; row++)
            batch.Texts[row].Sink!.Done(batch.Texts[row], _results, row, facts);
    }
}
