using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Inference;

/// <summary>
/// An executor of a model: tensors and calls that are used again and again, for one thread at a time. Tokens in, pooled and
/// cut results out; nothing per token is allocated once the buffers have grown.
/// </summary>
public sealed class EncoderRun : IDisposable
{
    private readonly EncoderModel _model;
    private readonly bool _padsToBuckets;
    private readonly BatchTensors _tensors;
    private readonly HeadReaders _readers;
    private readonly Dictionary<EncoderOutputs, OnnxRun> _runs = [];

    internal EncoderRun(EncoderModel model)
    {
        _model = model;
        _padsToBuckets = model.Session.Providers.Attempts.Any(
            static attempt => attempt.Outcome == OnnxProviderOutcome.Registered && attempt.Name != OnnxProvider.Cpu.Name);
        _tensors = new BatchTensors(model.Runtime, model.Descriptor.Padding, model.Inputs);
        _readers = new HeadReaders(model.Descriptor, model.Tokenizer);
    }

    /// <summary>Runs texts with their special tokens, as <see cref="EncoderModel"/> prepares them.</summary>
    /// <exception cref="ArgumentException">A text is empty or too long, or the model lacks what the options ask for.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="OnnxException">ONNX Runtime failed.</exception>
    public void Encode(
        ReadOnlySpan<TokenSequence> batch, EncodeBatchOptions options, EncodedBatch results, CancellationToken cancel = default)
    {
        var dimension = Check(batch, options);
        var descriptor = _model.Descriptor;
        results.Clear(dimension, descriptor.Multi?.Dimension ?? 0, descriptor.Classes?.Labels.Count ?? 0);
        if (options.Determinism == BatchDeterminism.Fast)
        {
            Execute(batch, Longest(batch), options.Outputs, results, cancel);
            return;
        }
        // A shape that other texts have no part in is the only one whose sums are surely in the same order.
        for (var text = 0; text < batch.Length; text++)
            Execute(batch.Slice(text, 1), LengthBuckets.Of(batch[text].Count, descriptor.MaxTokens), options.Outputs, results, cancel);
    }

    public void Dispose()
    {
        foreach (var run in _runs.Values)
            run.Dispose();
        _tensors.Dispose();
    }

    /// <summary>On an accelerator a new shape may mean new programs: there batches are as long as buckets are.</summary>
    private int Longest(ReadOnlySpan<TokenSequence> batch)
    {
        var longest = 0;
        foreach (var text in batch)
            longest = Math.Max(longest, text.Count);
        return _padsToBuckets ? LengthBuckets.Of(longest, _model.Descriptor.MaxTokens) : longest;
    }

    private void Execute(
        ReadOnlySpan<TokenSequence> batch, int length, EncoderOutputs outputs, EncodedBatch results, CancellationToken cancel)
    {
        if (batch.IsEmpty)
            return;
        var tokens = 0L;
        foreach (var text in batch)
            tokens += text.Count;
        _tensors.Fill(batch, length);
        var run = RunOf(outputs);
        _tensors.SetOn(run);
        run.Execute(cancel);
        results.AddTexts(batch.Length, tokens, (long)batch.Length * _tensors.Length);
        _readers.Read(run, outputs, batch, _tensors, results);
    }

    private OnnxRun RunOf(EncoderOutputs outputs)
    {
        if (!_runs.TryGetValue(outputs, out var run))
        {
            string[] names = [.. HeadReaders.Order.Where(head => outputs.HasFlag(head)).Select(head => _readers.OutputOf(head)!)];
            run = _model.Session.CreateRun(names);
            _runs.Add(outputs, run);
        }
        return run;
    }

    private int Check(ReadOnlySpan<TokenSequence> batch, EncodeBatchOptions options)
    {
        var descriptor = _model.Descriptor;
        if (options.Outputs == EncoderOutputs.None || (options.Outputs & ~_model.Outputs) != 0)
            throw new ArgumentException($"The outputs {options.Outputs} are wanted, and the model gives {_model.Outputs}.", nameof(options));
        if (options.Dimension != 0 && !descriptor.AllowsDimension(options.Dimension))
        {
            throw new ArgumentException(
                $"The dimension {options.Dimension} is not allowed; allowed are "
                + $"{string.Join(", ", (descriptor.Dense?.AllowedDimensions ?? []).Append(descriptor.Dense?.Dimension ?? 0))}.",
                nameof(options));
        }
        foreach (var text in batch)
        {
            if (text.Count == 0 || text.Count > descriptor.MaxTokens)
                throw new ArgumentException($"A text has {text.Count} tokens; 1 to {descriptor.MaxTokens} can be run.", nameof(batch));
        }
        return options.Dimension != 0 ? options.Dimension : descriptor.Dense?.Dimension ?? 0;
    }
}
