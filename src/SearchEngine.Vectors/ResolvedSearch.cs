using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>The options of one search, made concrete for a segment and a prepared query.</summary>
internal readonly struct ResolvedSearch
{
    /// <summary>Rows of few coordinates lie close together; their truth is short, so the whole pool is rescored.</summary>
    private const int FewCoordinates = 64;

    private const int LeastRescored = 20;

    /// <summary>Margin around a bound where nothing was tuned: the widest that tuning tries.</summary>
    private const float UntunedMargin = 0.26f;

    /// <summary>Rows kept per hit after a scan: a filter away from the query leaves a shell of nearly equal scores, where
    /// int8 order is not the true one.</summary>
    private const int ScanRescore = 32;

    /// <summary>Rows kept after a scan for few hits: on such a shell a few hundred rows lie within the error of a code.</summary>
    private const int LeastScanned = 256;

    public ResolvedSearch(
        in SearchOptions options, Calibration calibration, WalkTier tier, in ScoreScale scale, int dimension, int wanted)
    {
        Tier = tier;
        Curve = CurveOf(calibration, tier);
        Options = options;
        if (options.TargetRecall is float target && options.Margin is null && options.WalkDimension is null
            && (options.TargetMargin ?? Curve?.MarginFor(target)) is float reaching)
        {
            Options = options with { Margin = reaching, Breadth = SegmentTuner.MaxBreadth };
        }
        Scale = scale;
        Wanted = wanted;
        Breadth = Math.Max(Options.Breadth, wanted);
        int usual = dimension < FewCoordinates ? Math.Max(Options.Breadth, LeastRescored) : Math.Max(LeastRescored, wanted + wanted / 2);
        Rescore = Math.Max(wanted, options.Rescore > 0 ? options.Rescore : usual);
        int floor = options.Bound is float bound && scale.IsComparable ? scale.FromScore(bound) : int.MinValue;
        if (Options.Margin is float margin)
        {
            // A tuned margin reaches its recall at the hits that it was tuned with; the distance of fewer says less.
            Stop = StopRule.Adaptive(options.Margin is null ? Math.Max(wanted, SegmentTuner.Hits) : wanted, margin, scale.Origin);
        }
        if (floor != int.MinValue)
        {
            Stop = (Stop.IsAdaptive ? Stop : StopRule.Floor(scale.Origin)).WithFloor(floor, FloorMargin());
        }
        int scanned = Math.Max(LeastScanned, (int)Math.Min(int.MaxValue / 4, (long)ScanRescore * wanted));
        Scan = new ScanRule(wanted, Math.Max(Rescore, scanned), scale.Rounding, scale.ClippedPart, floor);
    }

    /// <summary>As given, a target recall replaced by its margin.</summary>
    public SearchOptions Options { get; }

    public WalkTier Tier { get; }

    /// <summary>What scores of codes say, made once per search: it takes two exponentials.</summary>
    public ScoreScale Scale { get; }

    /// <summary>What tuning measured of the tier, if it did.</summary>
    public TuningCurve? Curve { get; }

    public int Wanted { get; }

    public int Breadth { get; }

    /// <summary>Candidates of a walk that are rescored.</summary>
    public int Rescore { get; }

    public StopRule Stop { get; }

    public ScanRule Scan { get; }

    /// <summary>Hits below the bound are no hits.</summary>
    /// <param name="hits">Best first.</param>
    /// <param name="found">How many there are.</param>
    /// <param name="bound">Of the options.</param>
    /// <returns>How many remain.</returns>
    public static int Above(ReadOnlySpan<Candidate> hits, int found, float? bound)
    {
        while (found > 0 && hits[found - 1].Score < bound)
        {
            found--;
        }
        return found;
    }

    public AcceptedQuery Among(int rows, int accepted, in SearchCosts costs) => new(
        rows, accepted, Wanted, Breadth, Rescore, Stop, CrossStop((double)accepted / rows), Reach((double)accepted / rows), Scan,
        Options.Strategy is null ? FilterPlan.Budget(costs, accepted, Wanted) : long.MaxValue);

    public SearchStrategy Plan(in SearchCosts costs, int rows, int accepted) => Options.Strategy switch
    {
        SearchStrategy.Scan => SearchStrategy.Scan,
        SearchStrategy.FilteredWalk => SearchStrategy.FilteredWalk,
        SearchStrategy.Walk or SearchStrategy.WalkThenFilter => SearchStrategy.WalkThenFilter,
        _ => FilterPlan.Choose(costs, costs.Walk(Options, Curve, Breadth, rows, Wanted), rows, accepted, Wanted),
    };

    // Where few rows are accepted the graph of two links is thin, and the walk has to look farther for as much.
    private StopRule CrossStop(double share)
    {
        if (Options.Margin is not float margin || Curve is null)
        {
            return Stop;
        }
        return Stop.WithMargin(Math.Max(margin, Curve.MarginForWork(Curve.WorkAt(margin) * FilterPlan.CrossWork(share))));
    }

    private HitReach Reach(double share)
    {
        float margin = Options.Margin ?? 0;
        // A margin that was not tuned here may lie beyond the tuned ones.
        float thin = Curve is null ? margin : Math.Max(margin, Curve.MarginForWork(Curve.WorkAt(margin) * FilterPlan.MarginWork(share)));
        return new HitReach(StopRule.Factor(margin), StopRule.Factor(thin), share);
    }

    // The widest that was tried: with the margin of the search itself a bounded walk lost one hit in six (2026-11-26).
    private float FloorMargin() => Math.Max(Options.Margin ?? 0, Curve?.Points[^1].Margin ?? UntunedMargin);

    private static TuningCurve? CurveOf(Calibration calibration, WalkTier tier)
    {
        IReadOnlyList<TuningCurve> tuning = calibration.Tuning;
        for (int i = 0; i < tuning.Count; i++)
        {
            if (tuning[i].Tier == tier)
            {
                return tuning[i];
            }
        }
        return null;
    }
}
