using System.Numerics;
using System.Runtime.InteropServices;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search.Diversity;

/// <summary>The stored vectors of some hits, scaled to length 1: their dot product is their cosine. A hit without the vector has zeros, and is
/// like nothing.</summary>
internal sealed class UnitRows
{
    private readonly int _dimension;
    private readonly float[] _values;

    /// <param name="vector">Position in the schema.</param>
    public UnitRows(View view, int vector, IReadOnlyList<Hit> hits)
    {
        _dimension = view.Schema.Vectors[vector].Dimension;
        _values = new float[hits.Count * _dimension];
        for (int i = 0; i < hits.Count; i++)
        {
            Span<float> row = Row(i);
            if (!view.Sources[hits[i].Row.Source].CopyVector(vector, hits[i].Row.Ordinal, row))
            {
                row.Clear();
            }
            else if (MathF.Sqrt(Dot(row, row)) is > 0 and var length)
            {
                for (int v = 0; v < row.Length; v++)
                {
                    row[v] /= length;
                }
            }
        }
    }

    public float Cosine(int a, int b) => Dot(Row(a), Row(b));

    private Span<float> Row(int at) => _values.AsSpan(at * _dimension, _dimension);

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector<float>> wideA = MemoryMarshal.Cast<float, Vector<float>>(a), wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < wideA.Length; i++)
        {
            sums += wideA[i] * wideB[i];
        }
        float sum = Vector.Sum(sums);
        for (int i = wideA.Length * Vector<float>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
