namespace SearchEngine.Vectors.Graph;

/// <summary>
/// When a walk ends before its breadth is used up: as soon as the best unexpanded candidate is farther than
/// (1 + margin) times the distance of the last wanted hit (distance-adaptive beam search, arXiv 2505.15636), or of the
/// bound below which the caller wants nothing. Distances are recovered from integer scores: d^2 = 2 * unit * (origin - score).
/// </summary>
internal readonly struct StopRule
{
    /// <summary>Candidates found before the floor counts: the first few of a walk are all far away, and the rows that matter
    /// behind them.</summary>
    public const int FloorAfter = 32;

    private readonly float _origin;
    private readonly float _factor;

    private StopRule(int hits, float origin, float factor, int floor)
    {
        Hits = hits;
        _origin = origin;
        _factor = factor;
        Floor = floor;
    }

    public static StopRule Breadth => default;

    public bool IsAdaptive => Hits > 0;

    public int Hits { get; }

    /// <summary>A score that no hit is to be below; int.MinValue for none.</summary>
    public int Floor { get; }

    /// <param name="hits">Wanted hits, k.</param>
    /// <param name="margin">Relative distance beyond the last hit that is still explored.</param>
    /// <param name="origin">Integer score of a row at distance 0.</param>
    public static StopRule Adaptive(int hits, float margin, float origin) => Adaptive(hits, margin, origin, int.MinValue);

    /// <param name="hits">Wanted hits, k; int.MaxValue where the floor alone ends the walk.</param>
    /// <param name="margin">Relative distance beyond the last hit, or the floor, that is still explored.</param>
    /// <param name="origin">Integer score of a row at distance 0.</param>
    /// <param name="floor">Integer score that no hit is to be below.</param>
    public static StopRule Adaptive(int hits, float margin, float origin, int floor) =>
        new(hits, origin, (1f + margin) * (1f + margin), floor);

    /// <summary>The score below which nothing is explored, given the score of the last wanted hit.</summary>
    public int Threshold(int lastScore) => (int)(_origin - _factor * (_origin - lastScore));
}
