using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Collections.Calibrations;

/// <summary>Which margin reaches which recall, for one number of hits.</summary>
/// <param name="count">Hits asked for.</param>
/// <param name="points">Ascending by margin; at least one.</param>
public sealed class CalibrationCurve(int count, IReadOnlyList<CalibrationPoint> points)
{
    // The work is not used here: whoever plans asks each segment for its own.
    private readonly TuningCurve _curve = new(
        default, [.. points.Select(static p => new TuningPoint(p.Margin, p.Recall, p.Micros))]);

    public int Count { get; } = count;

    public IReadOnlyList<CalibrationPoint> Points { get; } = points;

    /// <summary>The widest measured one where none reached it.</summary>
    internal float MarginFor(float recall) => _curve.MarginFor(recall);

    internal bool Reaches(float recall) => Points[^1].Recall >= recall;
}
