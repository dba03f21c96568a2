namespace SearchEngine.Vectors.Quantization;

/// <summary>Fits centre and scale on an evenly spaced sample of the rows.</summary>
internal static class Calibrator
{
    private const int MaxSample = 65_536;
    private const int MaxErrorSample = 2_048;

    /// <summary>A scale per row costs 8 bytes and a cache line per scored row; it has to save this much squared error.</summary>
    private const double PerRowThreshold = 1.35;

    /// <summary>Below this share of the residual's energy the error of one scale is no reason to pay: recall is the same.</summary>
    private const double HarmlessError = 4e-4;

    /// <param name="readRotated">Writes a row in code coordinates.</param>
    public static Calibration Fit(
        int count, int dimension, int[] cuts, ulong seed, Metric metric, Action<int, float[]> readRotated)
    {
        int codeDimension = new Rotation(dimension, cuts, seed).CodeDimension;
        int step = Math.Max(1, count / MaxSample);
        int sampled = (count + step - 1) / step;
        var (mean, deviation) = Moments(count, step, codeDimension, readRotated);
        var empty = new CalibrationReport(sampled, 0, 0, 0, 0, ScaleMode.Global, 0, 0);
        var encoder = new RowEncoder(new Calibration(dimension, cuts, seed, mean, 1f, empty), metric);
        var rotated = new float[codeDimension];
        var sigmas = new float[sampled];
        for (int i = 0; i < sampled; i++)
        {
            readRotated(i * step, rotated);
            encoder.Take(rotated);
            sigmas[i] = MathF.Sqrt(encoder.SquaredResidual / codeDimension);
        }
        Array.Sort(sigmas);
        // Clip at 3.91 sigma of a large residual: the few larger ones lose a little, the many others gain resolution.
        float scale = sampled == 0 ? 1f : Loading.Byte * sigmas[(int)(sampled * 0.99)] / 127f;
        scale = scale > 0 && float.IsFinite(scale) ? scale : 1f;
        Dither(mean, dimension, scale);
        CalibrationReport compared = Compare(new Calibration(dimension, cuts, seed, mean, scale, empty), metric, count, readRotated);
        CalibrationReport report = compared with { Sampled = sampled, Spread = deviation };
        return new Calibration(dimension, cuts, seed, mean, scale, report);
    }

    // A row of few coordinates is spread over 64 that all say nearly the same. Centres that differ by fractions of a step
    // make them round at different points, so together they resolve far more than the 8 bits of each.
    private static void Dither(float[] mean, int dimension, float scale)
    {
        const double GoldenRatio = 0.6180339887498949;
        for (int j = 0; dimension < Rotation.Granule && j < mean.Length; j++)
        {
            mean[j] += scale * (float)(j * GoldenRatio - Math.Floor(j * GoldenRatio) - 0.5);
        }
    }

    private static (float[] Mean, float Spread) Moments(int count, int step, int codeDimension, Action<int, float[]> readRotated)
    {
        var rotated = new float[codeDimension];
        var sum = new double[codeDimension];
        var squares = new double[codeDimension];
        int n = 0;
        for (int i = 0; i < count; i += step, n++)
        {
            readRotated(i, rotated);
            for (int j = 0; j < codeDimension; j++)
            {
                sum[j] += rotated[j];
                squares[j] += (double)rotated[j] * rotated[j];
            }
        }
        var mean = new float[codeDimension];
        var deviations = new double[codeDimension];
        for (int j = 0; n > 0 && j < codeDimension; j++)
        {
            mean[j] = (float)(sum[j] / n);
            deviations[j] = Math.Sqrt(Math.Max(0, squares[j] / n - sum[j] / n * (sum[j] / n)));
        }
        Array.Sort(deviations);
        double median = deviations[codeDimension / 2];
        return (mean, median > 0 ? (float)(deviations[^1] / median) : 1f);
    }

    private static CalibrationReport Compare(Calibration global, Metric metric, int count, Action<int, float[]> readRotated)
    {
        var encoder = new RowEncoder(global, metric);
        var rotated = new float[global.CodeDimension];
        var code = new byte[global.CodeDimension];
        double globalError = 0, ownError = 0, energy = 0;
        long clipped = 0, bytes = 0;
        int step = Math.Max(1, count / MaxErrorSample);
        for (int i = 0; i < count; i += step)
        {
            readRotated(i, rotated);
            encoder.Take(rotated);
            energy += encoder.SquaredResidual;
            clipped += encoder.EncodeBytes(code, global.Scale);
            bytes += code.Length;
            globalError += encoder.SquaredError(code, global.Scale);
            encoder.EncodeBytes(code, encoder.OwnScale);
            ownError += encoder.SquaredError(code, encoder.OwnScale);
        }
        double unit = energy > 0 ? energy : 1;
        ScaleMode mode = globalError > PerRowThreshold * ownError && globalError > HarmlessError * unit
            ? ScaleMode.PerRow
            : ScaleMode.Global;
        return new CalibrationReport(
            0, 0, bytes > 0 ? (float)((double)clipped / bytes) : 0, (float)(globalError / unit), (float)(ownError / unit), mode, 0, 0);
    }
}
