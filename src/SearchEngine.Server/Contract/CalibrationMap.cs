using Google.Protobuf.WellKnownTypes;
using SearchEngine.Collections.Calibrations;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>What a calibration found, as replies say it.</summary>
internal static class CalibrationMap
{
    public static Wire.RecallCurve Curve(VectorCalibration calibration)
    {
        var curve = new Wire.RecallCurve
        {
            Fitted = Timestamp.FromDateTimeOffset(calibration.Fitted),
            Points = (ulong)calibration.Documents,
            Queries = (uint)calibration.Queries,
            Source = calibration.Origin switch
            {
                QueryOrigin.Traffic => Wire.QuerySource.Traffic,
                QueryOrigin.Judgements => Wire.QuerySource.Judgements,
                _ => Wire.QuerySource.Points,
            },
        };
        curve.Curve.Add(calibration.Curves.SelectMany(static fitted => fitted.Points.OrderBy(static p => p.Recall).Select(point => new Wire.RecallCurvePoint
        {
            K = (uint)fitted.Count,
            Breadth = (uint)point.Breadth,
            Recall = point.Recall,
            Low = point.Low,
            CpuMicros = point.Micros,
        })));
        return curve;
    }

    /// <summary>Null where there was no segment to measure it in.</summary>
    public static Wire.CodeReport? Code(VectorCalibration calibration) => calibration.Codes is not { } codes
        ? null
        : new Wire.CodeReport
        {
            Code = codes.Code switch
            {
                null => Wire.WalkCode.None,
                WalkCode.Bit => Wire.WalkCode.Bit,
                WalkCode.BitThenInt8 => Wire.WalkCode.BitThenInt8,
                _ => Wire.WalkCode.Int8,
            },
            ClippedShare = codes.ClippedShare,
            MeanError = codes.MeanError,
            WorstError = codes.WorstError,
            // Exact search reads the stored vectors, and hits are compared with what it finds.
            StoredRecall = 1,
            CodeRecall = codes.CodeRecall,
        };
}
