namespace SearchEngine.Collections.Calibrations;

/// <summary>
/// What searches of one vector reached when they were last measured as a whole: over all segments, with queries of that time. It is in
/// force for searches that aim at a recall; see <see cref="Search.TargetMargins"/>.
/// </summary>
public sealed record VectorCalibration
{
    public required DateTimeOffset Fitted { get; init; }

    /// <summary>Documents in the collection then.</summary>
    public required long Documents { get; init; }

    /// <summary>Queries it was measured with.</summary>
    public required int Queries { get; init; }

    public required QueryOrigin Origin { get; init; }

    /// <summary>Of searches over all segments, one per number of hits, ascending; at least one.</summary>
    public required IReadOnlyList<CalibrationCurve> Curves { get; init; }

    /// <summary>The same of searches in the largest segment alone: several segments together miss less at one margin, so a segment that
    /// was merged of them needs a wider one.</summary>
    public required IReadOnlyList<CalibrationCurve> SegmentCurves { get; init; }

    /// <summary>Immutable segments that were searched. What was written or merged since is in others.</summary>
    public required IReadOnlyList<ulong> Segments { get; init; }

    /// <summary>Rows of the largest segment then.</summary>
    public required int LargestRows { get; init; }

    /// <summary>Null where there was no immutable segment with the vector.</summary>
    public CodeReport? Codes { get; init; }

    /// <summary>Documents that were searched for by their own vectors.</summary>
    public int SelfSearches { get; init; }

    /// <summary>Of those, how many another one was found before.</summary>
    public int SelfMisses { get; init; }

    internal bool IsSound => Curves.Count > 0 && SegmentCurves.Count > 0 && Curves.Concat(SegmentCurves).All(static c => c.Points.Count > 0);

    /// <summary>The curve of the fewest hits that are no fewer than these, or the one of most.</summary>
    internal static CalibrationCurve CurveFor(IReadOnlyList<CalibrationCurve> curves, int wanted)
    {
        for (int i = 0; i < curves.Count; i++)
        {
            if (curves[i].Count >= wanted)
            {
                return curves[i];
            }
        }
        return curves[^1];
    }

    internal bool Covers(ulong segment)
    {
        for (int i = 0; i < Segments.Count; i++)
        {
            if (Segments[i] == segment)
            {
                return true;
            }
        }
        return false;
    }
}
