namespace SearchEngine.Vectors.Graph;

/// <summary>
/// When a walk ends before its breadth is used up: as soon as the best unexpanded candidate is farther than
/// (1 + margin) times the distance of the last wanted hit (distance-adaptive beam search, arXiv 2505.15636), or of the
/// bound below which the caller wants nothing. Distances are recovered from integer scores: d^2 = 2 * unit * (origin - score).
/// </summary>
internal readonly record struct StopRule
{
    /// <summary>Candidates found before the floor counts: the first few of a walk are all far away, and the rows that matter
    /// behind them.</summary>
    public const int FloorAfter = 64;

    private readonly float _origin;
    private readonly float _factor;

    private StopRule(int hits, float origin, float factor)
    {
        Hits = hits;
        _origin = origin;
        _factor = factor;
        FloorThreshold = int.MinValue;
    }

    public static StopRule Breadth => default;

    public bool IsAdaptive => Hits > 0;

    public int Hits { get; }

    /// <summary>Whether the caller named a score that no hit is to be below.</summary>
    public bool HasFloor => IsAdaptive && FloorThreshold != int.MinValue;

    /// <summary>The score below which nothing is explored because of the caller's bound; int.MinValue for none.</summary>
    public int FloorThreshold { get; private init; }

    /// <param name="hits">Wanted hits, k.</param>
    /// <param name="margin">Relative distance beyond the last hit that is still explored.</param>
    /// <param name="origin">Integer score of a row at distance 0.</param>
    public static StopRule Adaptive(int hits, float margin, float origin) => new(hits, origin, Factor(margin));

    /// <summary>The floor alone ends the walk.</summary>
    public static StopRule Floor(float origin) => new(int.MaxValue, origin, 1f);

    /// <summary>The same rule with a score that no hit is to be below.</summary>
    /// <param name="floor">Integer score.</param>
    /// <param name="margin">Relative distance beyond it that is still explored: more than beyond the last hit, since the few
    /// rows above a floor are harder to find than the hits that a margin was tuned for.</param>
    public StopRule WithFloor(int floor, float margin) => this with { FloorThreshold = Threshold(floor, Factor(margin)) };

    /// <summary>What a margin multiplies squared distances by.</summary>
    public static float Factor(float margin) => (1f + margin) * (1f + margin);

    /// <summary>The score below which nothing is explored, given the score of the last wanted hit.</summary>
    public int Threshold(int lastScore) => Threshold(lastScore, _factor);

    /// <summary>As <see cref="Threshold(int)"/> for another margin.</summary>
    public int Threshold(int lastScore, float factor) => (int)MathF.Max(_origin - factor * (_origin - lastScore), -2147483648f);
}
