using SearchEngine.Training.Numerics;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Training.Cooccurrence;

/// <summary>
/// The strongest directions of a sparse matrix by randomised subspace iteration (Halko, Martinsson and Tropp 2011), and each
/// piece's place along them: rows of U * sqrt(S).
/// </summary>
internal sealed class LeadingDirections
{
    /// <summary>Directions beyond those wanted: they take the error of the last ones.</summary>
    private const int Oversampling = 16;

    private const int Iterations = 3;

    private readonly SparseRows _matrix;
    private readonly int _width;
    private readonly Workers _workers;

    private LeadingDirections(SparseRows matrix, int width, Workers workers) => (_matrix, _width, _workers) = (matrix, width, workers);

    /// <returns>Rows of <paramref name="dimension"/> elements, one per row of the matrix, strongest direction first. Directions that the
    /// matrix has not are 0.</returns>
    public static float[] Embed(SparseRows matrix, int dimension, ulong seed, Workers workers)
    {
        var size = matrix.Size;
        var width = Math.Min(size, dimension + Oversampling);
        return new LeadingDirections(matrix, width, workers).Embed(dimension, seed);
    }

    private float[] Embed(int dimension, ulong seed)
    {
        var basis = Start(seed);
        for (var iteration = 0; iteration < Iterations; iteration++)
            basis = Orthonormal(Times(basis));
        var image = Times(basis);
        var (values, turns) = Inner(basis, image);
        var rows = new float[(long)_matrix.Size * dimension];
        int[] order = [.. Enumerable.Range(0, _width).OrderByDescending(i => Math.Abs(values[i])).ThenBy(i => i).Take(dimension)];
        _workers.For(_matrix.Size, row =>
        {
            for (var place = 0; place < order.Length; place++)
            {
                var sum = 0.0;
                for (var i = 0; i < _width; i++)
                    sum += basis[i][row] * turns[order[place] * _width + i];
                rows[(long)row * dimension + place] = (float)(sum * Math.Sqrt(Math.Abs(values[order[place]])));
            }
        });
        return rows;
    }

    /// <summary>Columns, each an array: orthogonalising works on columns.</summary>
    private float[][] Start(ulong seed)
    {
        var columns = new float[_width][];
        for (var column = 0; column < _width; column++)
        {
            var random = new SplitMix(SplitMix.Mix(seed + (ulong)column));
            columns[column] = new float[_matrix.Size];
            for (var row = 0; row < _matrix.Size; row++)
                columns[column][row] = (float)((random.Next() >> 11) * (2.0 / (1L << 53)) - 1);
        }
        return Orthonormal(columns);
    }

    private float[][] Times(float[][] columns)
    {
        var rows = new float[(long)_matrix.Size * _width];
        _workers.For(_matrix.Size, row =>
        {
            for (var column = 0; column < _width; column++)
                rows[(long)row * _width + column] = columns[column][row];
        });
        var products = new float[_width][];
        for (var column = 0; column < _width; column++)
            products[column] = new float[_matrix.Size];
        _workers.For(_matrix.Size, () => new float[_width], (row, sum) =>
        {
            Array.Clear(sum);
            var (others, values) = (_matrix.Columns[row], _matrix.Values[row]);
            for (var i = 0; i < others.Length; i++)
                Lanes.AddScaled(sum, rows.AsSpan(others[i] * _width, _width), values[i]);
            for (var column = 0; column < _width; column++)
                products[column][row] = sum[column];
        });
        return products;
    }

    /// <summary>Gram-Schmidt, twice for each column: once leaves what cancellation hid.</summary>
    private float[][] Orthonormal(float[][] columns)
    {
        const int Rounds = 2;
        const float Least = 1e-6f;
        for (var column = 0; column < _width; column++)
        {
            var own = columns[column];
            var before = Lanes.Length(own);
            for (var round = 0; round < Rounds; round++)
            {
                var parts = new float[column];
                _workers.For(column, other => parts[other] = Lanes.Dot(own, columns[other]));
                for (var other = 0; other < column; other++)
                    Lanes.AddScaled(own, columns[other], -parts[other]);
            }
            var length = Lanes.Length(own);
            // A column that lies in those before it has nothing of its own: the matrix has fewer directions.
            Lanes.Scale(own, length > Least * before && length > 0 ? 1 / length : 0);
        }
        return columns;
    }

    /// <summary>The matrix as the basis sees it, small and symmetric, and its eigenvectors.</summary>
    private (double[] Values, double[] Turns) Inner(float[][] basis, float[][] image)
    {
        var inner = new double[_width * _width];
        _workers.For(_width, i =>
        {
            for (var j = 0; j <= i; j++)
                inner[i * _width + j] = 0.5 * ((double)Lanes.Dot(basis[i], image[j]) + Lanes.Dot(basis[j], image[i]));
        });
        for (var i = 0; i < _width; i++)
        {
            for (var j = i + 1; j < _width; j++)
                inner[i * _width + j] = inner[j * _width + i];
        }
        var turns = SymmetricEigen.Solve(inner, _width);
        return ([.. Enumerable.Range(0, _width).Select(i => inner[i * _width + i])], turns);
    }
}
