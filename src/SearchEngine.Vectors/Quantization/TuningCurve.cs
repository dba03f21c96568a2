namespace SearchEngine.Vectors.Quantization;

/// <summary>What a margin of the adaptive stop reached on the sample: recall of the ten best, and the work it took.</summary>
/// <param name="Work">Predicted nanoseconds of memory and arithmetic per search, from counts of scored rows; a model, so
/// that equal rows tune equally on every machine.</param>
public readonly record struct TuningPoint(float Margin, float Recall, float Work);

/// <summary>The adaptive stop of one tier, measured on a sample of queries: which margin reaches which recall.</summary>
public sealed class TuningCurve
{
    /// <param name="points">Ascending by margin; at least one.</param>
    public TuningCurve(WalkTier tier, IReadOnlyList<TuningPoint> points)
    {
        Tier = tier;
        Points = points;
    }

    public WalkTier Tier { get; }

    /// <summary>Ascending by margin.</summary>
    public IReadOnlyList<TuningPoint> Points { get; }

    /// <summary>The margin that reached <paramref name="recall"/>, interpolated in the logarithm of what is missed; the
    /// largest measured one when none did.</summary>
    public float MarginFor(float recall) => Interpolate(recall, static p => p.Margin);

    /// <summary>The work that reached <paramref name="recall"/>; infinite when no margin did.</summary>
    public float WorkFor(float recall) =>
        Points.Count > 0 && Points[^1].Recall >= recall ? Interpolate(recall, static p => p.Work) : float.PositiveInfinity;

    /// <summary>The work at a margin, interpolated; that of the nearest measured one outside of them.</summary>
    internal double WorkAt(float margin)
    {
        int next = 0;
        while (next < Points.Count && Points[next].Margin < margin)
        {
            next++;
        }
        if (next == 0 || next == Points.Count)
        {
            return Points[Math.Min(next, Points.Count - 1)].Work;
        }
        TuningPoint low = Points[next - 1], high = Points[next];
        return low.Work + (high.Work - low.Work) * (margin - low.Margin) / (high.Margin - low.Margin);
    }

    /// <summary>The margin whose work this is; below the measured ones in proportion, above them the largest.</summary>
    internal float MarginForWork(double work)
    {
        if (work <= Points[0].Work)
        {
            return (float)(Points[0].Margin * Math.Max(0, work) / Points[0].Work);
        }
        for (int i = 1; i < Points.Count; i++)
        {
            if (work < Points[i].Work)
            {
                TuningPoint low = Points[i - 1], high = Points[i];
                return low.Margin + (float)((work - low.Work) / (high.Work - low.Work)) * (high.Margin - low.Margin);
            }
        }
        return Points[^1].Margin;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write((int)Tier);
        writer.Write(Points.Count);
        foreach (TuningPoint point in Points)
        {
            writer.Write(point.Margin);
            writer.Write(point.Recall);
            writer.Write(point.Work);
        }
    }

    internal static TuningCurve Read(BinaryReader reader)
    {
        var tier = (WalkTier)reader.ReadInt32();
        int count = reader.ReadInt32();
        if (!Enum.IsDefined(tier) || count is < 1 or > 64)
        {
            throw new InvalidDataException($"A tuning curve of tier {tier} with {count} points is not readable here.");
        }
        var points = new TuningPoint[count];
        for (int i = 0; i < count; i++)
        {
            points[i] = new TuningPoint(reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
            if (!(points[i].Margin >= 0 && points[i].Recall is >= 0 and <= 1) || !float.IsFinite(points[i].Margin))
            {
                throw new InvalidDataException("A tuning curve has a margin or a recall out of range.");
            }
        }
        return new TuningCurve(tier, points);
    }

    private float Interpolate(float recall, Func<TuningPoint, float> value)
    {
        for (int i = 0; i < Points.Count; i++)
        {
            if (Points[i].Recall < recall)
            {
                continue;
            }
            if (i == 0)
            {
                return value(Points[0]);
            }
            float low = Missed(Points[i - 1].Recall), high = Missed(Points[i].Recall);
            float share = low > high ? (low - Missed(recall)) / (low - high) : 1f;
            return value(Points[i - 1]) + share * (value(Points[i]) - value(Points[i - 1]));
        }
        return value(Points[^1]);
    }

    private static float Missed(float recall) => MathF.Log(MathF.Max(1f - recall, 1e-4f));
}
