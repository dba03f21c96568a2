using SearchEngine.Collections.Views;
using SearchEngine.Vectors.Graph;

namespace SearchEngine.Collections.Search;

/// <summary>Sums up what a search did over the segments; what is said of one segment is said of the largest, which is searched
/// first.</summary>
/// <param name="margins">Of the recall aimed at, which decides what counts as calibrated.</param>
/// <param name="request">Curves were measured with rescoring: of what codes alone find nothing is known. Null without one.</param>
internal sealed class PlanTally(TargetMargins margins, SearchRequest? request)
{
    private readonly bool _isByCodes = request is { ByCodes: true };
    private Strategy? _strategy;
    private int _breadth;
    private int _unindexed;
    private long _scored;
    private long _rescored;
    private long _hops;
    private bool _isExact = true;
    private bool _isTuned = true;

    /// <summary>Why the segments' searches ended, by the first in which something was left undone.</summary>
    public SearchEnd End { get; private set; }

    /// <summary>Rows scored so far.</summary>
    public long Scored => _scored;

    public void Add(in SearchCounts counts, ViewSource source, int vector)
    {
        // Rows that have no code yet are scored exactly whatever was asked for.
        bool isByCodes = _isByCodes && counts.Scored > 0;
        _strategy ??= isByCodes && counts.Strategy == SearchStrategy.Scan ? Strategy.CodeScan : Of(counts.Strategy);
        _breadth = Math.Max(_breadth, counts.EffectiveBreadth);
        _scored += (long)counts.Scored + counts.Estimated;
        _rescored += counts.Rescored;
        _hops += counts.Hops;
        _unindexed += source.Live?.Vectors(vector).PendingCount ?? 0;
        _isExact &= counts.Strategy is SearchStrategy.Scan && !isByCodes;
        _isTuned &= counts.Strategy is SearchStrategy.Scan || margins.IsTuned(source);
        End = End == SearchEnd.Complete ? counts.End : End;
    }

    public SearchPlan ToPlan(long matches, int segments, CheckedQuery query, bool exact) => new()
    {
        Strategy = exact ? Strategy.ExactScan : _strategy ?? Strategy.ExactScan,
        Breadth = _breadth,
        Matches = matches,
        WalkDimension = _breadth == 0 ? 0 : query.WalkDimension ?? query.Schema.Dimension,
        RescoreDimension = _isByCodes && !exact ? 0 : query.RescoreDimension ?? query.Schema.Dimension,
        Segments = segments,
        Unindexed = _unindexed,
        Scored = _scored,
        Rescored = _rescored,
        Hops = _hops,
    };

    /// <summary>Where nothing was left undone.</summary>
    public RecallEstimate Recall(in Accuracy accuracy)
    {
        if (accuracy.IsExact || _isExact)
        {
            return new RecallEstimate(1, RecallBasis.Exact);
        }
        return accuracy.TargetRecall is float target && !_isByCodes
            ? new RecallEstimate(target, _isTuned ? RecallBasis.Calibrated : RecallBasis.OutOfCalibration)
            : new RecallEstimate(0, RecallBasis.None);
    }

    private static Strategy Of(SearchStrategy strategy) => strategy switch
    {
        SearchStrategy.Walk => Strategy.Walk,
        SearchStrategy.FilteredWalk => Strategy.FilteredWalk,
        SearchStrategy.WalkThenFilter => Strategy.WalkThenFilter,
        SearchStrategy.WalkThenScan => Strategy.WalkThenScan,
        _ => Strategy.ExactScan,
    };
}
