using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Inference;

/// <summary>Turns a run's outputs into the results of its texts: pooling, cutting, sparse weights, rows per token, logits.</summary>
internal sealed class HeadReaders(EncoderDescriptor descriptor, Tokenizer tokenizer)
{
    /// <summary>The order in which a run has its outputs.</summary>
    public static readonly EncoderOutputs[] Order =
    [
        EncoderOutputs.Dense, EncoderOutputs.Sparse, EncoderOutputs.Multi, EncoderOutputs.Score, EncoderOutputs.Classes,
    ];

    private readonly FloatOutput _floats = new();
    private readonly float[] _pooled = new float[descriptor.Dense?.Dimension ?? 0];
    private SparseCollector? _sparse;

    public string? OutputOf(EncoderOutputs head) => head switch
    {
        EncoderOutputs.Dense => descriptor.Dense?.Output,
        EncoderOutputs.Sparse => descriptor.Sparse?.Output,
        EncoderOutputs.Multi => descriptor.Multi?.Output,
        EncoderOutputs.Score => descriptor.Score?.Output,
        EncoderOutputs.Classes => descriptor.Classes?.Output,
        _ => null,
    };

    public void Read(
        OnnxRun run, EncoderOutputs outputs, ReadOnlySpan<TokenSequence> batch, BatchTensors tensors, EncodedBatch results)
    {
        var place = 0;
        foreach (var head in Order)
        {
            if ((outputs & head) == 0)
                continue;
            var output = run.Outputs[place++];
            var rows = (long)batch.Length * (PerToken(head) ? tensors.Length : 1);
            var width = head == EncoderOutputs.Sparse ? output.Length / (int)rows : Width(head);
            if (output.Length != rows * width || width == 0)
            {
                throw new OnnxTensorException(
                    output.Info.Name, $"the model gave [{string.Join(", ", output.Shape.ToArray())}] for {rows} rows of {width}");
            }
            var values = _floats.Read(output);
            for (var text = 0; text < batch.Length; text++)
            {
                var first = PerToken(head) ? text * tensors.Length + tensors.Start(batch[text].Count) : text;
                var count = PerToken(head) ? batch[text].Count : 1;
                ReadText(head, batch[text], values.Slice(first * width, count * width), results);
            }
        }
    }

    private void ReadText(EncoderOutputs head, TokenSequence text, ReadOnlySpan<float> values, EncodedBatch results)
    {
        switch (head)
        {
            case EncoderOutputs.Dense:
                ReadDense(values, results);
                break;
            case EncoderOutputs.Sparse:
                ReadSparse(text, values, results);
                break;
            case EncoderOutputs.Multi:
                ReadMulti(text, values, results);
                break;
            case EncoderOutputs.Score:
                results.AddScore(values[0]);
                break;
            default:
                values.CopyTo(results.AddClasses());
                break;
        }
    }

    private void ReadDense(ReadOnlySpan<float> states, EncodedBatch results)
    {
        Pooling.Pool(descriptor.Pooling, states, _pooled);
        var vector = results.AddDense();
        _pooled.AsSpan(0, vector.Length).CopyTo(vector);
        // A prefix is a vector in its own right only at unit length, also where the full vector keeps its own.
        if (descriptor.Normalization == VectorNormalization.Unit || vector.Length < _pooled.Length)
            Pooling.Normalize(vector);
    }

    private void ReadSparse(TokenSequence text, ReadOnlySpan<float> values, EncodedBatch results)
    {
        var form = descriptor.Sparse!.Form;
        var vocabulary = form switch
        {
            SparseForm.TokenWeights => tokenizer.IdBound,
            SparseForm.TokenLogits => values.Length / text.Count,
            _ => values.Length,
        };
        if (_sparse?.Vocabulary != vocabulary)
            _sparse = new SparseCollector(vocabulary, tokenizer.AddedTokens.Where(token => token.IsSpecial).Select(token => token.Id));
        _sparse.Clear();
        if (form == SparseForm.TokenWeights)
        {
            for (var token = 0; token < text.Count; token++)
                _sparse.Take(text.Ids[token], values[token]);
        }
        else
        {
            for (var start = 0; start < values.Length; start += vocabulary)
                _sparse.TakeRow(values.Slice(start, vocabulary));
        }
        if (form == SparseForm.TokenLogits)
            _sparse.Dampen();
        results.AddSparse(_sparse);
    }

    private void ReadMulti(TokenSequence text, ReadOnlySpan<float> rows, EncodedBatch results)
    {
        var width = results.MultiDimension;
        for (var token = 0; token < text.Count; token++)
        {
            if (text.SpecialMask[token] != 0)
                continue;
            var row = results.AddMultiRow();
            rows.Slice(token * width, width).CopyTo(row);
            Pooling.Normalize(row);
        }
        results.EndMulti();
    }

    private bool PerToken(EncoderOutputs head) => head switch
    {
        EncoderOutputs.Dense => descriptor.Pooling != PoolingMode.Model,
        EncoderOutputs.Sparse => descriptor.Sparse!.Form != SparseForm.Vocabulary,
        EncoderOutputs.Multi => true,
        _ => false,
    };

    private int Width(EncoderOutputs head) => head switch
    {
        EncoderOutputs.Dense => descriptor.Dense!.Dimension,
        EncoderOutputs.Multi => descriptor.Multi!.Dimension,
        EncoderOutputs.Score => 1,
        EncoderOutputs.Classes => descriptor.Classes!.Labels.Count,
        _ => 0,
    };
}
