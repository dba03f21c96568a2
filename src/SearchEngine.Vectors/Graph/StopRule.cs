namespace SearchEngine.Vectors.Graph;

/// <summary>
/// When a walk ends before its breadth is used up: as soon as the best unexpanded candidate is farther than
/// (1 + margin) times the distance of the last wanted hit (distance-adaptive beam search, arXiv 2505.15636).
/// Distances are recovered from integer scores: d^2 = 2 * unit * (origin - score).
/// </summary>
internal readonly struct StopRule
{
    private readonly float _origin;
    private readonly float _factor;

    private StopRule(int hits, float origin, float factor)
    {
        Hits = hits;
        _origin = origin;
        _factor = factor;
    }

    public static StopRule Breadth => default;

    public bool IsAdaptive => Hits > 0;

    public int Hits { get; }

    /// <param name="hits">Wanted hits, k.</param>
    /// <param name="margin">Relative distance beyond the last hit that is still explored.</param>
    /// <param name="origin">Integer score of a row at distance 0.</param>
    public static StopRule Adaptive(int hits, float margin, float origin) =>
        new(hits, origin, (1f + margin) * (1f + margin));

    /// <summary>The score below which nothing is explored, given the score of the last wanted hit.</summary>
    public int Threshold(int lastScore) => (int)(_origin - _factor * (_origin - lastScore));
}
