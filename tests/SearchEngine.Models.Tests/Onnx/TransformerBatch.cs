using SearchEngine.Models.Onnx;

namespace SearchEngine.Models.Tests.Onnx;

/// <summary>Random texts of given lengths, padded to the longest, as the three inputs of a transformer.</summary>
internal sealed class TransformerBatch : IDisposable
{
    private readonly OnnxTensor[] _inputs = [.. Enumerable.Range(0, 3).Select(_ => SharedRuntime.Get().CreateTensor<long>(4096))];
    private readonly int _longest;

    public TransformerBatch(int[] lengths, int vocabulary, Random random)
    {
        Lengths = lengths;
        _longest = lengths.Max();
        foreach (var input in _inputs)
            input.Reshape(lengths.Length, _longest);
        for (var row = 0; row < lengths.Length; row++)
        {
            for (var t = 0; t < _longest; t++)
            {
                var at = row * _longest + t;
                // Padding has ids too, so that a leak through the mask changes the result.
                _inputs[0].AsSpan<long>()[at] = random.Next(vocabulary);
                _inputs[1].AsSpan<long>()[at] = t < lengths[row] ? 1 : 0;
                _inputs[2].AsSpan<long>()[at] = t * 2 < lengths[row] ? 0 : 1;
            }
        }
    }

    private TransformerBatch(TransformerBatch batch, int row)
    {
        Lengths = [batch.Lengths[row]];
        _longest = Lengths[0];
        for (var i = 0; i < _inputs.Length; i++)
        {
            _inputs[i].Reshape(1, _longest);
            batch._inputs[i].AsSpan<long>().Slice(row * batch._longest, _longest).CopyTo(_inputs[i].AsSpan<long>());
        }
    }

    public int[] Lengths { get; }

    /// <summary>One text of the batch, without its padding.</summary>
    public TransformerBatch Row(int row) => new(this, row);

    public (long[] Ids, long[] Mask, long[] Types) Tokens(int row)
    {
        long[] Of(int input) => _inputs[input].AsSpan<long>().Slice(row * _longest, _longest).ToArray();
        return (Of(0), Of(1), Of(2));
    }

    public void SetOn(OnnxRun run)
    {
        for (var i = 0; i < _inputs.Length; i++)
            run.SetInput(i, _inputs[i]);
    }

    public void Dispose()
    {
        foreach (var input in _inputs)
            input.Dispose();
    }
}
