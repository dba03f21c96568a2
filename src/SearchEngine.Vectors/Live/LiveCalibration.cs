using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>Fits the codes of a live segment on its first rows.</summary>
internal static class LiveCalibration
{
    /// <summary>No coordinate of a row of bytes is longer.</summary>
    private const float LongestByte = 128f;

    public static Calibration Fit(LiveRows rows, SegmentOptions options, int count)
    {
        int[] cuts = [.. options.PrefixDimensions];
        if (rows.Element == ElementType.Int8)
        {
            return Calibration.Direct(rows.Dimension, cuts, options.Metric, LongestByte * MathF.Sqrt(rows.Dimension));
        }
        var rotation = new Rotation(rows.Dimension, cuts, options.Seed);
        var row = new float[rows.Dimension];
        Calibration fitted = Calibrator.Fit(count, rows.Dimension, cuts, options.Seed, options.Metric, ReadRotated);
        var encoder = new RowEncoder(fitted, options.Metric);
        var rotated = new float[fitted.CodeDimension];
        float reach = 0, longest = 0;
        for (int i = 0; i < count; i++)
        {
            ReadRotated(i, rotated);
            encoder.Take(rotated);
            reach = MathF.Max(reach, encoder.SquaredResidual);
            longest = MathF.Max(longest, rows.Lengths.RowAs<float>((uint)i)[0]);
        }
        (float codeRecall, _) = CodeResolution.Measure(
            count, options.Metric, fitted, (ordinal, destination) => rows.Read((uint)ordinal, destination));
        return fitted.WithReach(MathF.Sqrt(reach), longest).WithResolution(codeRecall);

        void ReadRotated(int ordinal, float[] destination)
        {
            rows.Read((uint)ordinal, row);
            rotation.Apply(row, destination);
        }
    }
}
