namespace SearchEngine.Vectors.Graph;

/// <summary>
/// When a walk ends before its breadth is used up: as soon as the best unexpanded candidate is farther than
/// (1 + margin) times the distance of the last wanted hit (distance-adaptive beam search, arXiv 2505.15636), or of the
/// bound below which the caller wants nothing. Distances are recovered from integer scores: d^2 = 2 * unit * (origin - score).
/// </summary>
internal readonly record struct StopRule
{
    /// <summary>Expansions before the floor counts: until then a walk may still be on its way, with everything it sees below the floor.
    /// After 4, as after 64 candidates before, up to one hit in five was lost; after 16 two of 864, after 24 none (2026-11-26).</summary>
    public const int FloorAfter = 24;

    private readonly float _origin;

    private StopRule(int hits, float origin, float factor)
    {
        Hits = hits;
        _origin = origin;
        Reach = factor;
        FloorThreshold = int.MinValue;
    }

    public static StopRule Breadth => default;

    public bool IsAdaptive => Hits > 0;

    public int Hits { get; }

    /// <summary>Whether the caller named a score that no hit is to be below.</summary>
    public bool HasFloor => IsAdaptive && FloorThreshold != int.MinValue;

    /// <summary>What squared distances of the last hit are multiplied by.</summary>
    private float Reach { get; init; }

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

    /// <summary>The same rule with another margin.</summary>
    public StopRule WithMargin(float margin) => this with { Reach = Factor(margin) };

    /// <summary>What a margin multiplies squared distances by.</summary>
    public static float Factor(float margin) => (1f + margin) * (1f + margin);

    /// <summary>The score below which nothing is explored, given the score of the last wanted hit.</summary>
    public int Threshold(int lastScore) => Threshold(lastScore, Reach);

    /// <summary>As <see cref="Threshold(int)"/> for another margin.</summary>
    public int Threshold(int lastScore, float factor) => (int)MathF.Max(_origin - factor * (_origin - lastScore), -2147483648f);
}
