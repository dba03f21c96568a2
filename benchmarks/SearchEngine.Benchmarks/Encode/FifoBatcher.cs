using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>
/// The batcher that encoder services commonly have: first come, first served; from the front while longest times count stays within a
/// token budget and a number of texts; no lanes, no lengths. No wire either: its latencies are the queue's and the model's alone.
/// </summary>
internal sealed class FifoBatcher : IDisposable
{
    private readonly int _budget;
    private readonly int _mostTexts;
    private readonly Queue<FifoText> _waiting = [];
    private readonly List<Thread> _threads;
    private bool _stopping;
    private long _tokens;
    private long _paddedTokens;

    /// <param name="runtime">Where the model was opened.</param>
    /// <param name="model">What runs.</param>
    /// <param name="executors">Batches at once.</param>
    /// <param name="budget">Padded tokens of a batch.</param>
    /// <param name="mostTexts">Texts of a batch.</param>
    public FifoBatcher(OnnxRuntime runtime, EncoderModel model, int executors, int budget, int mostTexts)
    {
        (_budget, _mostTexts) = (budget, mostTexts);
        _threads = [.. Enumerable.Range(0, executors).Select(_ => new Thread(() => Work(runtime, model)) { IsBackground = true })];
        _threads.ForEach(t => t.Start());
    }

    public double PaddingShare => _paddedTokens == 0 ? 0 : 1 - (double)_tokens / _paddedTokens;

    public Task Submit(TokenSequence tokens)
    {
        var text = new FifoText(tokens);
        lock (_waiting)
        {
            _waiting.Enqueue(text);
            Monitor.Pulse(_waiting);
        }
        return text.Task;
    }

    public void Dispose()
    {
        lock (_waiting)
        {
            _stopping = true;
            Monitor.PulseAll(_waiting);
        }
        _threads.ForEach(t => t.Join());
    }

    private void Work(OnnxRuntime runtime, EncoderModel model)
    {
        using var run = new PlainRun(runtime, model, Math.Max(_budget, EncodeModel.MaxTokens));
        while (Take() is { } batch)
        {
            run.Execute([.. batch.Select(t => t.Tokens)]);
            Interlocked.Add(ref _tokens, batch.Sum(t => t.Tokens.Count));
            Interlocked.Add(ref _paddedTokens, (long)batch.Count * batch.Max(t => t.Tokens.Count));
            batch.ForEach(t => t.SetResult());
        }
    }

    private List<FifoText>? Take()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 && !_stopping)
                Monitor.Wait(_waiting);
            if (_stopping)
                return null;
            var batch = new List<FifoText>();
            var longest = 0;
            while (_waiting.TryPeek(out var text) && batch.Count < _mostTexts)
            {
                longest = Math.Max(longest, text.Tokens.Count);
                if (batch.Count > 0 && longest * (batch.Count + 1) > _budget)
                    break;
                batch.Add(_waiting.Dequeue());
            }
            return batch;
        }
    }

    private sealed class FifoText(TokenSequence tokens) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TokenSequence Tokens { get; } = tokens;
    }
}
