using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>ONNX Runtime as a program would call it that has its batch at hand: fill three tensors, run. Padded to the longest text exactly.</summary>
internal sealed class PlainRun : IDisposable
{
    private readonly OnnxTensor[] _inputs;
    private readonly OnnxRun _run;

    /// <param name="runtime">Where the model was opened.</param>
    /// <param name="model">Whose session is shared by all runs.</param>
    /// <param name="capacity">Padded tokens of the largest batch.</param>
    public PlainRun(OnnxRuntime runtime, EncoderModel model, int capacity)
    {
        _inputs = [.. model.Session.Inputs.Select(_ => runtime.CreateTensor<long>(capacity))];
        _run = model.Session.CreateRun(EncodeModel.Vector);
        for (var i = 0; i < _inputs.Length; i++)
            _run.SetInput(i, _inputs[i]);
        IdsInput = model.Session.InputIndex("input_ids");
        MaskInput = model.Session.InputIndex("attention_mask");
    }

    private int IdsInput { get; }

    private int MaskInput { get; }

    /// <summary>Runs a batch; the vectors are looked at, as a program would.</summary>
    public float Execute(ReadOnlySpan<TokenSequence> batch)
    {
        var length = 0;
        foreach (var text in batch)
            length = Math.Max(length, text.Count);
        for (var input = 0; input < _inputs.Length; input++)
        {
            _inputs[input].Reshape(batch.Length, length);
            var all = _inputs[input].AsSpan<long>();
            all.Clear();
            for (var row = 0; row < batch.Length; row++)
                Fill(input, batch[row], all.Slice(row * length, batch[row].Count));
        }
        _run.Execute();
        return _run.Outputs[0].AsSpan<float>()[^1];
    }

    public void Dispose()
    {
        _run.Dispose();
        foreach (var input in _inputs)
            input.Dispose();
    }

    private void Fill(int input, TokenSequence text, Span<long> row)
    {
        if (input == MaskInput)
        {
            row.Fill(1);
        }
        else if (input == IdsInput)
        {
            for (var i = 0; i < row.Length; i++)
                row[i] = text.Ids[i];
        }
    }
}
