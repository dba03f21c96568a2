namespace SearchEngine.Training.Cooccurrence;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations, in double.</summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 30;

    /// <summary>Off-diagonal rest, relative to the matrix, at which the sweeps end.</summary>
    private const double Tolerance = 1e-22;

    /// <param name="matrix">Size x size, by rows; overwritten, its diagonal becomes the eigenvalues.</param>
    /// <param name="size">Rows and columns.</param>
    /// <returns>Rows are the eigenvectors, in the order of the diagonal.</returns>
    public static double[] Solve(double[] matrix, int size)
    {
        var vectors = new double[size * size];
        for (var i = 0; i < size; i++)
            vectors[i * size + i] = 1;
        var scale = matrix.Sum(x => x * x);
        for (var sweep = 0; sweep < MostSweeps && OffDiagonal(matrix, size) > Tolerance * scale; sweep++)
        {
            for (var p = 0; p < size - 1; p++)
            {
                for (var q = p + 1; q < size; q++)
                    Rotate(matrix, vectors, size, p, q);
            }
        }
        return vectors;
    }

    private static double OffDiagonal(double[] matrix, int size)
    {
        var sum = 0.0;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < i; j++)
                sum += matrix[i * size + j] * matrix[i * size + j];
        }
        return sum;
    }

    private static void Rotate(double[] matrix, double[] vectors, int size, int p, int q)
    {
        var between = matrix[p * size + q];
        if (between == 0)
            return;
        var theta = (matrix[q * size + q] - matrix[p * size + p]) / (2 * between);
        var tangent = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        var cosine = 1 / Math.Sqrt(tangent * tangent + 1);
        var sine = tangent * cosine;
        RotateRows(matrix.AsSpan(p * size, size), matrix.AsSpan(q * size, size), cosine, sine);
        for (var i = 0; i < size; i++)
        {
            var (atP, atQ) = (matrix[i * size + p], matrix[i * size + q]);
            matrix[i * size + p] = cosine * atP - sine * atQ;
            matrix[i * size + q] = sine * atP + cosine * atQ;
        }
        RotateRows(vectors.AsSpan(p * size, size), vectors.AsSpan(q * size, size), cosine, sine);
    }

    private static void RotateRows(Span<double> left, Span<double> right, double cosine, double sine)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var (a, b) = (left[i], right[i]);
            left[i] = cosine * a - sine * b;
            right[i] = sine * a + cosine * b;
        }
    }
}
