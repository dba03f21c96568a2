using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;
using Xunit;

namespace SearchEngine.Vectors.Tests.Quantization;

public sealed class QuantizationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(768)]
    [InlineData(1536)]
    [InlineData(8192)]
    public void RotationKeepsProductsAndIsUndoneByNoCoordinate(int dimension)
    {
        var rotation = new Rotation(dimension, [], 7);
        float[] a = Gaussian(dimension, 1), b = Gaussian(dimension, 2);
        var ra = new float[rotation.CodeDimension];
        var rb = new float[rotation.CodeDimension];
        rotation.Apply(a, ra);
        rotation.Apply(b, rb);
        double size = Math.Sqrt(Dot(a, a) * Dot(b, b));
        Assert.True(Math.Abs(Dot(a, b) - Dot(ra, rb)) <= 2e-6 * size, $"the product moved by {Dot(a, b) - Dot(ra, rb)}");
        Assert.True(Math.Abs(Dot(a, a) - Dot(ra, ra)) <= 2e-6 * Dot(a, a), "the length moved");
    }

    [Fact]
    public void RotationSpreadsOneOutlierOverAllCoordinates()
    {
        var rotation = new Rotation(768, [], 7);
        var row = new float[768];
        row[5] = 1f;
        var rotated = new float[rotation.CodeDimension];
        rotation.Apply(row, rotated);
        Assert.True(rotated.Max(MathF.Abs) < 0.2f, $"one coordinate still holds {rotated.Max(MathF.Abs)} of the length");
    }

    [Fact]
    public void PrefixesOfADeclaredCutKeepTheirProducts()
    {
        var rotation = new Rotation(768, [256, 500], 7);
        float[] a = Gaussian(768, 1), b = Gaussian(768, 2);
        var ra = new float[rotation.CodeDimension];
        var rb = new float[rotation.CodeDimension];
        rotation.Apply(a, ra);
        rotation.Apply(b, rb);
        foreach (int cut in new[] { 256, 500, 768 })
        {
            int code = rotation.CodePrefix(cut);
            double expected = Dot(a.AsSpan(0, cut), b.AsSpan(0, cut)), actual = Dot(ra.AsSpan(0, code), rb.AsSpan(0, code));
            Assert.True(Math.Abs(expected - actual) < 1e-3, $"prefix {cut}: product {expected} became {actual}");
        }
        Assert.Throws<ArgumentException>(() => rotation.CodePrefix(300));
    }

    [Theory]
    [InlineData(Metric.Cosine)]
    [InlineData(Metric.Dot)]
    [InlineData(Metric.L2)]
    public void SignEstimatesAreUnbiasedAndTheirErrorIsHonest(Metric metric)
    {
        const int Dimension = 768, Rows = 4_000;
        (Calibration calibration, AnonymousRows codes, AnonymousRows? corrections, AnonymousRows signs, float[][] rows) =
            Encode(metric, Dimension, Rows);
        using var query = new PreparedQuery(calibration, metric, corrections is not null);
        using var queue = new FlowQueue();
        var estimator = new SignScorer(signs, query);
        double sum = 0, squares = 0;
        int over = 0, n = 0;
        for (int q = 0; q < 10; q++)
        {
            float[] x = Unit(Gaussian(Dimension, 1_000_000 + q), metric);
            query.Prepare(x);
            estimator = new SignScorer(signs, query);
            for (int i = 0; i < Rows; i++)
            {
                queue.Append((uint)i);
                RowGroup one = queue.TakeFour(out _);
                estimator.Score(one, queue.Scores);
                float estimate = query.SimilarityOffset + query.Unit * queue.Scores[0];
                estimator.Bound(one, queue.Scores);
                float high = query.SimilarityOffset + query.Unit * queue.Scores[0];
                double exact = metric == Metric.L2
                    ? (query.DistanceOffset - SquaredDistance(x, rows[i])) / 2
                    : Dot(x, rows[i]);
                double sigma = Math.Max(high - estimate, 1e-9), error = (estimate - exact) / sigma;
                sum += error;
                squares += error * error;
                over += Math.Abs(error) > 3 ? 1 : 0;
                n++;
            }
        }
        double mean = sum / n, deviation = Math.Sqrt(squares / n);
        codes.Dispose();
        corrections?.Dispose();
        signs.Dispose();
        // Errors of one query share its rounding to 4 bits, so the mean of ten queries is only roughly 0.
        Assert.True(Math.Abs(mean) < 0.15, $"{metric}: the estimate is biased by {mean:F3} of its standard deviation");
        Assert.True(deviation is > 0.7 and < 1.3, $"{metric}: the real deviation is {deviation:F3} of the stated one");
        Assert.True(over <= 0.02 * n, $"{metric}: {over} of {n} estimates miss by more than three deviations");
    }

    [Theory]
    [InlineData(Metric.Cosine)]
    [InlineData(Metric.Dot)]
    [InlineData(Metric.L2)]
    public void CodeScoresAreCloseToTheTruth(Metric metric)
    {
        const int Dimension = 300, Rows = 2_000;
        (Calibration calibration, AnonymousRows codes, AnonymousRows? corrections, AnonymousRows signs, float[][] rows) =
            Encode(metric, Dimension, Rows);
        using var query = new PreparedQuery(calibration, metric, corrections is not null);
        using var queue = new FlowQueue();
        float[] x = Unit(Gaussian(Dimension, 99_999), metric);
        query.Prepare(x);
        var scorer = new CodeScorer(codes, corrections, query, calibration.CodeDimension);
        double worst = 0, spread = 0;
        for (int i = 0; i < Rows; i++)
        {
            queue.Append((uint)i);
            scorer.Score(queue.TakeFour(out _), queue.Scores);
            double similarity = query.SimilarityOffset + query.Unit * (double)queue.Scores[0];
            double exact = metric == Metric.L2 ? (query.DistanceOffset - SquaredDistance(x, rows[i])) / 2 : Dot(x, rows[i]);
            worst = Math.Max(worst, Math.Abs(similarity - exact));
            spread = Math.Max(spread, Math.Abs(Dot(x, x) * Dot(rows[i], rows[i])));
        }
        codes.Dispose();
        corrections?.Dispose();
        signs.Dispose();
        Assert.True(worst <= 0.004 * Math.Sqrt(spread), $"{metric}: a code score is off by {worst / Math.Sqrt(spread):P2} of the lengths");
    }

    [Fact]
    public void ACalibrationSurvivesItsBytesAndRefusesDamage()
    {
        Calibration calibration = Calibrator.Fit(50, 100, [64], 3, Metric.L2, (i, r) => Gaussian(r.Length, i).CopyTo(r, 0));
        byte[] bytes = calibration.ToBytes();
        Calibration read = Calibration.FromBytes(bytes);
        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(calibration.Mean, read.Mean);
        Assert.Throws<InvalidDataException>(() => Calibration.FromBytes(bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Throws<InvalidDataException>(() => Calibration.FromBytes([]));
        bytes[4] = 0xFF;
        bytes[7] = 0x7F;
        Assert.Throws<InvalidDataException>(() => Calibration.FromBytes(bytes));
    }

    private static (Calibration Calibration, AnonymousRows Codes, AnonymousRows? Corrections, AnonymousRows Signs, float[][] Rows) Encode(
        Metric metric, int dimension, int count)
    {
        var rows = new float[count][];
        for (int i = 0; i < count; i++)
        {
            rows[i] = Gaussian(dimension, i);
            for (int j = 0; j < dimension; j++)
            {
                rows[i][j] += 0.4f;
            }
            rows[i] = Unit(rows[i], metric);
        }
        var rotation = new Rotation(dimension, [], 11);
        Calibration calibration = Calibrator.Fit(count, dimension, [], 11, metric, (i, r) => rotation.Apply(rows[i], r));
        float reach = rows.Max(r => MathF.Sqrt((float)Dot(r, r)));
        calibration = calibration.WithReach(2 * reach, reach);
        bool corrected = metric == Metric.L2 || calibration.Report.Mode == ScaleMode.PerRow;
        AnonymousRows codes = AnonymousRows.Allocate(count, calibration.CodeDimension), signs = AnonymousRows.Allocate(count, calibration.SignStride);
        AnonymousRows? corrections = corrected ? AnonymousRows.Allocate(count, 8) : null;
        var encoder = new RowEncoder(calibration, metric);
        var rotated = new float[calibration.CodeDimension];
        for (uint i = 0; i < count; i++)
        {
            rotation.Apply(rows[i], rotated);
            encoder.Take(rotated);
            encoder.EncodeBytes(codes.Row(i));
            encoder.EncodeSigns(signs.Row(i));
            if (corrections is not null)
            {
                corrections.RowAs<Correction>(i)[0] = encoder.Correction;
            }
        }
        return (calibration, codes, corrections, signs, rows);
    }

    private static float[] Gaussian(int length, int seed)
    {
        var random = new CounterRandom(5, 5, (ulong)seed);
        var values = new float[length];
        for (int j = 0; j < length; j++)
        {
            values[j] = (float)random.Gaussian();
        }
        return values;
    }

    private static float[] Unit(float[] row, Metric metric)
    {
        float norm = metric == Metric.Cosine ? MathF.Sqrt((float)Dot(row, row)) : 1f;
        return [.. row.Select(x => x / norm)];
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += (double)a[j] * b[j];
        }
        return sum;
    }

    private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += ((double)a[j] - b[j]) * ((double)a[j] - b[j]);
        }
        return sum;
    }
}
