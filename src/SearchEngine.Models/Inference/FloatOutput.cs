using SearchEngine.Models.Onnx;

namespace SearchEngine.Models.Inference;

/// <summary>An output as float32, whatever precision the model computes in. Kept from run to run.</summary>
internal sealed class FloatOutput
{
    private float[] _widened = [];

    public ReadOnlySpan<float> Read(OnnxOutput output)
    {
        if (output.ElementType == OnnxElementType.Float)
            return output.AsSpan<float>();
        var halves = output.AsSpan<Half>();
        if (_widened.Length < halves.Length)
            _widened = new float[halves.Length];
        for (var i = 0; i < halves.Length; i++)
            _widened[i] = (float)halves[i];
        return _widened.AsSpan(0, halves.Length);
    }
}
