using System.Numerics;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Models.Inference;

/// <summary>The input tensors of an executor: grown when a batch needs more, reshaped for each. One thread at a time.</summary>
internal sealed class BatchTensors(OnnxRuntime runtime, EncoderPadding padding, IReadOnlyList<InputRole> roles) : IDisposable
{
    private OnnxTensor[] _tensors = [];
    private int _capacity;

    /// <summary>Padded length of the batch that was filled in last.</summary>
    public int Length { get; private set; }

    /// <summary>Writes a batch, padded to <paramref name="length"/>, in the order of the model's inputs.</summary>
    public void Fill(ReadOnlySpan<TokenSequence> batch, int length)
    {
        Reserve(checked(batch.Length * length));
        Length = length;
        for (var input = 0; input < roles.Count; input++)
        {
            _tensors[input].Reshape(batch.Length, length);
            var all = _tensors[input].AsSpan<long>();
            for (var row = 0; row < batch.Length; row++)
                FillRow(roles[input], batch[row], all.Slice(row * length, length));
        }
    }

    public void SetOn(OnnxRun run)
    {
        for (var input = 0; input < _tensors.Length; input++)
            run.SetInput(input, _tensors[input]);
    }

    /// <summary>Where the tokens of a text of this many begin in its row.</summary>
    public int Start(int count) => padding.Side == PaddingSide.Left ? Length - count : 0;

    public void Dispose()
    {
        foreach (var tensor in _tensors)
            tensor.Dispose();
        _tensors = [];
    }

    private void FillRow(InputRole role, TokenSequence text, Span<long> row)
    {
        row.Fill(role == InputRole.Ids ? padding.Id : 0);
        var part = row.Slice(Start(text.Count), text.Count);
        switch (role)
        {
            case InputRole.Ids:
                for (var i = 0; i < part.Length; i++)
                    part[i] = text.Ids[i];
                break;
            case InputRole.Mask:
                part.Fill(1);
                break;
            case InputRole.Types:
                for (var i = 0; i < part.Length; i++)
                    part[i] = text.TypeIds[i];
                break;
            default:
                for (var i = 0; i < part.Length; i++)
                    part[i] = i;
                break;
        }
    }

    private void Reserve(int elements)
    {
        if (elements <= _capacity)
            return;
        Dispose();
        var capacity = BitOperations.RoundUpToPowerOf2((uint)elements);
        _tensors = [.. roles.Select(_ => runtime.CreateTensor<long>(capacity))];
        _capacity = (int)capacity;
    }
}
