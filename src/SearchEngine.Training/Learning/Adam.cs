using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SearchEngine.Training.Learning;

/// <summary>
/// Adam (Kingma and Ba 2015) over rows: moments of a row change only in steps that touch it, and the correction of their bias
/// counts those. What a vocabulary needs: most pieces are in few batches.
/// </summary>
internal sealed class Adam
{
    private const float FirstDecay = 0.9f, SecondDecay = 0.99f, Epsilon = 1e-8f;

    private readonly float[] _parameters;
    private readonly int _width;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly float[] _steps;

    public Adam(float[] parameters, int width)
    {
        (_parameters, _width) = (parameters, width);
        _first = new float[parameters.Length];
        _second = new float[parameters.Length];
        _steps = new float[parameters.Length / width];
    }

    /// <summary>The state beside the parameters, in a fixed order: what a checkpoint holds.</summary>
    public IEnumerable<float[]> State() => [_first, _second, _steps];

    /// <summary>One step of one row. Different rows may step at the same time.</summary>
    public void Step(int row, ReadOnlySpan<float> slope, float rate)
    {
        var step = ++_steps[row];
        var byFirst = rate / (1 - MathF.Pow(FirstDecay, step));
        var bySecond = 1 / (1 - MathF.Pow(SecondDecay, step));
        var values = Part(_parameters, row);
        var first = Part(_first, row);
        var second = Part(_second, row);
        var lanes = slope.Length / Vector256<float>.Count * Vector256<float>.Count;
        var laneValues = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var laneFirst = MemoryMarshal.Cast<float, Vector256<float>>(first);
        var laneSecond = MemoryMarshal.Cast<float, Vector256<float>>(second);
        var laneSlope = MemoryMarshal.Cast<float, Vector256<float>>(slope);
        for (var i = 0; i < laneSlope.Length; i++)
        {
            laneFirst[i] = FirstDecay * laneFirst[i] + (1 - FirstDecay) * laneSlope[i];
            laneSecond[i] = SecondDecay * laneSecond[i] + (1 - SecondDecay) * laneSlope[i] * laneSlope[i];
            laneValues[i] -= byFirst * laneFirst[i] / (Vector256.Sqrt(bySecond * laneSecond[i]) + Vector256.Create(Epsilon));
        }
        for (var i = lanes; i < slope.Length; i++)
        {
            first[i] = FirstDecay * first[i] + (1 - FirstDecay) * slope[i];
            second[i] = SecondDecay * second[i] + (1 - SecondDecay) * slope[i] * slope[i];
            values[i] -= byFirst * first[i] / (MathF.Sqrt(bySecond * second[i]) + Epsilon);
        }
    }

    private Span<float> Part(float[] rows, int row) => rows.AsSpan(row * _width, _width);
}
