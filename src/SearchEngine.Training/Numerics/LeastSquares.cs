namespace SearchEngine.Training.Numerics;

/// <summary>The linear map that comes nearest to taking one set of rows to another.</summary>
internal static class LeastSquares
{
    /// <summary>Of the mean square of the given rows, added to each: keeps directions that no row has at nothing.</summary>
    private const double Ridge = 1e-6;

    /// <summary>A square matrix M, row after row, such that given * M is near wanted.</summary>
    /// <param name="given">Rows of <paramref name="width"/> elements.</param>
    /// <param name="wanted">As many.</param>
    /// <param name="width">Elements of a row.</param>
    public static float[] Map(ReadOnlySpan<float> given, ReadOnlySpan<float> wanted, int width)
    {
        var (squares, products) = (new double[width * width], new double[width * width]);
        for (var start = 0; start < given.Length; start += width)
        {
            var from = given.Slice(start, width);
            var to = wanted.Slice(start, width);
            for (var i = 0; i < width; i++)
            {
                if (from[i] == 0)
                    continue;
                for (var j = 0; j < width; j++)
                {
                    squares[i * width + j] += (double)from[i] * from[j];
                    products[i * width + j] += (double)from[i] * to[j];
                }
            }
        }
        var trace = 0.0;
        for (var i = 0; i < width; i++)
            trace += squares[i * width + i];
        for (var i = 0; i < width; i++)
            squares[i * width + i] += Ridge * (trace + 1) / width;
        Factor(squares, width);
        return Solve(squares, products, width);
    }

    /// <summary>Cholesky: a symmetric, positive matrix becomes its lower factor.</summary>
    private static void Factor(double[] matrix, int width)
    {
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i * width + j];
                for (var k = 0; k < j; k++)
                    rest -= matrix[i * width + k] * matrix[j * width + k];
                matrix[i * width + j] = i == j ? Math.Sqrt(rest) : rest / matrix[j * width + j];
            }
        }
    }

    private static float[] Solve(double[] factor, double[] right, int width)
    {
        for (var i = 0; i < width; i++)
        {
            for (var k = 0; k < i; k++)
                Subtract(right, i, k, factor[i * width + k], width);
            Divide(right, i, factor[i * width + i], width);
        }
        for (var i = width - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < width; k++)
                Subtract(right, i, k, factor[k * width + i], width);
            Divide(right, i, factor[i * width + i], width);
        }
        return [.. right.Select(value => (float)value)];
    }

    private static void Subtract(double[] rows, int from, int row, double factor, int width)
    {
        for (var j = 0; j < width; j++)
            rows[from * width + j] -= factor * rows[row * width + j];
    }

    private static void Divide(double[] rows, int row, double by, int width)
    {
        for (var j = 0; j < width; j++)
            rows[row * width + j] /= by;
    }
}
