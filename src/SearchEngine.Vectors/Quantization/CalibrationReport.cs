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
    }

    internal static CalibrationReport Read(BinaryReader reader)
    {
        var report = new CalibrationReport(
            reader.ReadInt32(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(),
            (ScaleMode)reader.ReadInt32(), reader.ReadSingle(), reader.ReadSingle());
        if (!Enum.IsDefined(report.Mode) || !float.IsFinite(report.MaxResidual) || !float.IsFinite(report.MaxNorm))
        {
            throw new InvalidDataException("The calibration report has an unknown scale mode or a length that is not finite.");
        }
        return report;
    }
}
