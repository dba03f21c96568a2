using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>The first rows of a space and how far each is from the nearest of those that were chosen.</summary>
internal sealed class SpreadRows
{
    private readonly CodeSpaceReader _reader;
    private readonly uint[] _four = new uint[4];
    private readonly float[] _distances = new float[4];

    /// <summary>Of a row to itself: products are no distances, two products less the halves of these are.</summary>
    private readonly float[] _own;
    private readonly double[] _nearest;

    public SpreadRows(CodeSpaceReader reader, int count)
    {
        _reader = reader;
        _own = new float[count];
        _nearest = new double[count];
        Array.Fill(_nearest, double.PositiveInfinity);
        for (int i = 0; i < count; i++)
        {
            _reader.SetOrigin((uint)i);
            _own[i] = Measure(i);
        }
    }

    /// <summary>A row was chosen.</summary>
    public void Approach(uint chosen)
    {
        _reader.SetOrigin(chosen);
        for (int i = 0; i < _nearest.Length; i += 4)
        {
            Measure(i);
            for (int j = 0; j < 4 && i + j < _nearest.Length; j++)
            {
                double squared = _distances[j] - (_own[i + j] + (double)_own[chosen]) / 2;
                _nearest[i + j] = Math.Min(_nearest[i + j], Math.Max(0, squared));
            }
        }
        _nearest[chosen] = 0;
    }

    /// <summary>Draws a row by its squared distance from the nearest chosen one; none when all equal one of them.</summary>
    public bool TryDraw(ref SplitMix random, out uint row)
    {
        double total = 0;
        foreach (double squared in _nearest)
        {
            total += squared;
        }
        double left = (random.Next() >> 11) * (1.0 / (1ul << 53)) * total;
        row = 0;
        for (int i = 0; i < _nearest.Length; i++)
        {
            left -= _nearest[i];
            if (_nearest[i] > 0)
            {
                row = (uint)i;
                if (left < 0)
                {
                    break;
                }
            }
        }
        return total > 0;
    }

    // Of the four rows from first on; a short group repeats its last.
    private float Measure(int first)
    {
        for (int j = 0; j < 4; j++)
        {
            _four[j] = (uint)Math.Min(first + j, _own.Length - 1);
        }
        _reader.Distances(_four, _distances);
        return _distances[0];
    }
}
