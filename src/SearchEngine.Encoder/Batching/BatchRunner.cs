using SearchEngine.Encoder.Loading;
using SearchEngine.Encoder.Operations;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Batching;

/// <summary>Runs batches and tells whose they are, with buffers of its own for every model. One thread at a time.</summary>
internal sealed class BatchRunner(BatchQueue queue, EncoderMetrics metrics) : IDisposable
{
    private readonly Dictionary<LoadedModel, EncoderRun> _runs = [];
    private readonly EncodedBatch _results = new();
    private double _busy;

    /// <summary>Milliseconds that were spent in batches. Any thread.</summary>
    public double BusyMillis => Volatile.Read(ref _busy);

    /// <summary>Runs a batch that was taken from the queue and gives its place back. Whatever goes wrong is told to those who wait for it.</summary>
    public void Run(ChosenBatch batch)
    {
        try
        {
            Encode(batch);
        }
        catch (Exception fault)
        {
            // Whatever the runtime throws belongs to those who wait for this batch; the next one has nothing to do with it.
            foreach (var text in batch.Texts)
                text.Sink?.Failed(text, fault);
        }
        finally
        {
            queue.End(batch);
        }
    }

    public void Dispose()
    {
        foreach (var run in _runs.Values)
            run.Dispose();
    }

    private void Encode(ChosenBatch batch)
    {
        var model = batch.Texts[0].Sink!.Model;
        var tokens = new TokenSequence[batch.Texts.Count];
        for (var row = 0; row < tokens.Length; row++)
            tokens[row] = batch.Texts[row].Tokens;
        if (!_runs.TryGetValue(model, out var run))
            _runs.Add(model, run = model.Encoder.CreateRun());
        var (pace, options) = (batch.Texts[0].Group.Pace, batch.Texts[0].Group.Options);
        var began = queue.Now;
        run.Encode(tokens, options, _results);
        var millis = queue.Now - began;
        Volatile.Write(ref _busy, _busy + millis);
        pace.Learn(tokens.Length, batch.Length, millis);
        var facts = new BatchFacts(
            batch.Number, tokens.Length, _results.Tokens, _results.PaddedTokens, batch.Started, millis,
            batch.PredictedMillis);
        metrics.BatchDone(model, batch, facts);
        for (var row = 0; row < tokens.Length; row++)
            batch.Texts[row].Sink!.Done(batch.Texts[row], _results, row, facts);
    }
}
