namespace SearchEngine.Vectors.Quantization;

public enum ScaleMode
{
    /// <summary>One scale for all rows: no scalar per row, exact integer ranking.</summary>
    Global,

    /// <summary>A scale per row, chosen when one scale would lose more than 1.35 times the squared error.</summary>
    PerRow,
}

/// <summary>What calibration found on its sample. Errors are relative to the mean squared residual.</summary>
/// <param name="Sampled">Rows looked at.</param>
/// <param name="Spread">Largest over median standard deviation of a rotated coordinate; about 1 when rotation did its work.</param>
/// <param name="ClippedFraction">Share of code bytes at the clip.</param>
/// <param name="GlobalError">Mean squared error with one scale.</param>
/// <param name="PerRowError">Mean squared error with a scale per row.</param>
/// <param name="Mode">The scale mode chosen.</param>
/// <param name="MaxResidual">Greatest distance of a row from the centre, over all rows.</param>
/// <param name="MaxNorm">Greatest row length, over all rows.</param>
public sealed record CalibrationReport(
    int Sampled, float Spread, float ClippedFraction, float GlobalError, float PerRowError, ScaleMode Mode, float MaxResidual, float MaxNorm)
{
    /// <summary>Share of the ten nearest rows of a sample that are among the twenty best by codes; measured at every build,
    /// merge and calibration.</summary>
    public float CodeRecall { get; init; } = 1f;

    /// <summary>Codes do not tell the neighbours of these rows apart (<see cref="CodeRecall"/> is below 0.9): walks read the
    /// exact rows instead, which costs more memory traffic and no recall.</summary>
    public bool WalksTruth { get; init; }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Sampled);
        writer.Write(Spread);
        writer.Write(ClippedFraction);
        writer.Write(GlobalError);
        writer.Write(PerRowError);
        writer.Write((int)Mode);
        writer.Write(MaxResidual);
        writer.Write(MaxNorm);
        writer.Write(CodeRecall);
        writer.Write(WalksTruth);
    }

    internal static CalibrationReport Read(BinaryReader reader)
    {
        var report = new CalibrationReport(
            reader.ReadInt32(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(),
            (ScaleMode)reader.ReadInt32(), reader.ReadSingle(), reader.ReadSingle())
        {
            CodeRecall = reader.ReadSingle(),
            WalksTruth = reader.ReadBoolean(),
        };
        if (!Enum.IsDefined(report.Mode) || !float.IsFinite(report.MaxResidual) || !float.IsFinite(report.MaxNorm))
        {
            throw new InvalidDataException("The calibration report has an unknown scale mode or a length that is not finite.");
        }
        return report;
    }
}
