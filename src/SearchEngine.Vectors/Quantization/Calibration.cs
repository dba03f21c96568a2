namespace SearchEngine.Vectors.Quantization;

internal static class Loading
{
    /// <summary>Clip point in standard deviations of the mean-squared-error optimal uniform 8-bit quantiser of a Gaussian.</summary>
    public const float Byte = 3.91f;

    /// <summary>Density of a Gaussian at so many deviations.</summary>
    public static float Density(float deviations) => MathF.Exp(-0.5f * deviations * deviations) / MathF.Sqrt(2f * MathF.PI);

    /// <summary>Share of a Gaussian beyond so many deviations on either side, within 1 % (Borjesson and Sundberg, 1979).</summary>
    public static float Beyond(float deviations) =>
        2f * Density(deviations) / (0.661f * deviations + 0.339f * MathF.Sqrt(deviations * deviations + 5.51f));
}

/// <summary>
/// Everything that turns a caller's vector into codes: rotation seed and cut points, centre, scale. Fixed when a segment
/// is built and stored with it. Immutable; any thread.
/// </summary>
public sealed class Calibration
{
    private const uint Version = 4;
    private const int MaxCurves = 8;

    /// <summary>No reach is greater: its square is a finite number. Codes say nothing of sets with rows that far out.</summary>
    internal const float Farthest = 9e18f;

    internal Calibration(
        int dimension, int[] cuts, ulong seed, float[] mean, float scale, CalibrationReport report,
        IReadOnlyList<TuningCurve>? tuning = null, bool isDirect = false)
    {
        IsDirect = isDirect;
        Tuning = tuning ?? [];
        Dimension = dimension;
        Cuts = cuts;
        Seed = seed;
        Mean = mean;
        Scale = scale;
        Report = report;
        Rotation = isDirect ? Rotation.None(dimension, cuts) : new Rotation(dimension, cuts, seed);
        if (mean.Length != Rotation.CodeDimension)
        {
            throw new ArgumentException($"The centre has {mean.Length} coordinates, codes have {Rotation.CodeDimension}.", nameof(mean));
        }
        MeanSquaredNorm = Lanes.SquaredNorm(mean);
    }

    public int Dimension { get; }

    /// <summary>Bytes of an int8 code: the dimension, each block of the rotation padded to 64.</summary>
    public int CodeDimension => Rotation.CodeDimension;

    /// <summary>Stride of a 1-bit record: signs, four float factors, whole cache lines.</summary>
    public int SignStride => (CodeDimension / 8 + 16 + 63) / 64 * 64;

    /// <summary>Prefix dimensions at which a search may stop, ascending, without the whole.</summary>
    public IReadOnlyList<int> Cuts { get; }

    public CalibrationReport Report { get; }

    /// <summary>What the adaptive stop reached per tier on a sample, cheapest tier first; empty for small segments.</summary>
    public IReadOnlyList<TuningCurve> Tuning { get; }

    /// <summary>Rows are signed bytes and their own codes: no rotation, no centre, no error.</summary>
    public bool IsDirect { get; }

    internal ulong Seed { get; }

    /// <summary>Centre of the rows in code coordinates.</summary>
    internal float[] Mean { get; }

    internal float MeanSquaredNorm { get; }

    /// <summary>Value of one code step. With per-row scales: of the row whose ratio is 1.</summary>
    internal float Scale { get; }

    internal Rotation Rotation { get; }

    /// <summary>The part of a product with a row this far from the centre that clipping may take from its code, in the middle and as much again. The
    /// scale is fitted to most rows; those of a small group far away are clipped in many coordinates (2026-11-26: one row in 125 at three
    /// times the distance, 64-d: 12 of 240 searches that trusted rounding alone lost a hit).</summary>
    internal float ClippedPart(float residual)
    {
        const float LossOfLeastByte = 1f / 128f;
        if (IsDirect)
        {
            return LossOfLeastByte;
        }
        float sigma = residual / MathF.Sqrt(CodeDimension);
        // Of a Gaussian coordinate x and the clip c, in deviations: E[max(|x| - c, 0) |x|] is how often |x| is above c.
        return sigma > 0 ? 2f * Loading.Beyond(127f * Scale / sigma) : 0f;
    }

    /// <summary>Variance that clipping adds to a coordinate of a row this far from the centre, at most.</summary>
    internal float ClippedVariance(float residual)
    {
        float sigma = residual / MathF.Sqrt(CodeDimension);
        if (IsDirect || !(sigma > 0))
        {
            return 0f;
        }
        // Of a Gaussian: the mean of (|x| - c)^2 beyond the clip c is less than 4 times the density there over c^3.
        float clip = 127f * Scale / sigma;
        return sigma * sigma * MathF.Min(1f, 4f * Loading.Density(clip) / (clip * clip * clip));
    }

    /// <summary>For rows that are signed bytes.</summary>
    /// <param name="longest">Length of the longest row there can be.</param>
    internal static Calibration Direct(int dimension, int[] cuts, Metric metric, float longest)
    {
        // Cosine brings each row to unit length by its correction record, as scales per row do.
        ScaleMode mode = metric == Metric.Cosine ? ScaleMode.PerRow : ScaleMode.Global;
        var report = new CalibrationReport(0, 1f, 0f, 0f, 0f, mode, metric == Metric.Cosine ? 1f : longest, longest);
        return new Calibration(dimension, cuts, 0, new float[Rotation.None(dimension, cuts).CodeDimension], 1f, report, null, isDirect: true);
    }

    internal Calibration WithTuning(IReadOnlyList<TuningCurve> tuning) => new(Dimension, [.. Cuts], Seed, Mean, Scale, Report, tuning, IsDirect);

    internal Calibration WithReach(float maxResidual, float maxNorm) => new(
        Dimension, [.. Cuts], Seed, Mean, Scale,
        Report with { MaxResidual = MathF.Min(maxResidual, Farthest), MaxNorm = maxNorm }, null, IsDirect);

    internal Calibration WithResolution(float codeRecall) => new(
        Dimension, [.. Cuts], Seed, Mean, Scale,
        Report with { CodeRecall = codeRecall, WalksTruth = codeRecall < CodeResolution.LeastCodeRecall }, Tuning, IsDirect);

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(Dimension);
        writer.Write(Cuts.Count);
        foreach (int cut in Cuts)
        {
            writer.Write(cut);
        }
        writer.Write(IsDirect);
        writer.Write(Seed);
        writer.Write(Scale);
        Report.Write(writer);
        writer.Write(Tuning.Count);
        foreach (TuningCurve curve in Tuning)
        {
            curve.Write(writer);
        }
        foreach (float m in Mean)
        {
            writer.Write(m);
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; the caller has verified its checksum.</summary>
    /// <exception cref="InvalidDataException">A field is out of its range or the block has another length.</exception>
    public static Calibration FromBytes(ReadOnlySpan<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()));
        try
        {
            return Read(reader, bytes.Length);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The calibration block ends early.", e);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("The calibration block contradicts itself: " + e.Message, e);
        }
    }

    private static Calibration Read(BinaryReader reader, int length)
    {
        uint version = reader.ReadUInt32();
        int dimension = reader.ReadInt32(), cutCount = reader.ReadInt32();
        if (version != Version || dimension is < 1 or > SegmentOptions.MaxDimension || cutCount is < 0 or > 16)
        {
            throw new InvalidDataException($"Calibration version {version}, dimension {dimension}, {cutCount} cuts: not readable here.");
        }
        var cuts = new int[cutCount];
        for (int i = 0; i < cutCount; i++)
        {
            cuts[i] = reader.ReadInt32();
        }
        bool isDirect = reader.ReadBoolean();
        ulong seed = reader.ReadUInt64();
        float scale = reader.ReadSingle();
        CalibrationReport report = CalibrationReport.Read(reader);
        int curves = reader.ReadInt32();
        if (curves is < 0 or > MaxCurves)
        {
            throw new InvalidDataException($"{curves} tuning curves: not readable here.");
        }
        var tuning = new TuningCurve[curves];
        for (int i = 0; i < curves; i++)
        {
            tuning[i] = TuningCurve.Read(reader);
        }
        var mean = new float[new Rotation(dimension, cuts, seed).CodeDimension];
        for (int j = 0; j < mean.Length; j++)
        {
            mean[j] = reader.ReadSingle();
        }
        if (reader.BaseStream.Position != length || !(scale > 0) || !float.IsFinite(scale))
        {
            throw new InvalidDataException("The calibration block has another length or a scale that is not positive.");
        }
        return new Calibration(dimension, cuts, seed, mean, scale, report, tuning, isDirect);
    }
}
