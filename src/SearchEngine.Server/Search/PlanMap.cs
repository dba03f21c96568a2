using SearchEngine.Collections.Schema;
using SearchEngine.Server.Calls;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>How a search ran, in the words of the contract.</summary>
internal static class PlanMap
{
    /// <summary>For those who see all points, as readers of logs do.</summary>
    public static Wire.Plan Write(Engine.SearchPlan plan) => Write(plan, Caller.Anyone, new Wire.Plan());

    /// <param name="caller">Who is told: segments and unindexed points tell of all points, and are left out for one that cannot see all.</param>
    /// <param name="target">Gets the plan, whatever it held.</param>
    public static Wire.Plan Write(Engine.SearchPlan plan, Caller caller, Wire.Plan target)
    {
        target.Strategy = Write(plan.Strategy);
        target.Breadth = (uint)plan.Breadth;
        target.MatchCount = (ulong)plan.Matches;
        target.MatchCountBasis = Wire.CountBasis.Exact;
        target.WalkDimension = (uint)plan.WalkDimension;
        target.RescoreDimension = (uint)plan.RescoreDimension;
        target.Rescored = (uint)Math.Min(uint.MaxValue, plan.Rescored);
        target.Segments = caller.SeesAll ? (uint)plan.Segments : 0;
        target.Unindexed = caller.SeesAll ? (ulong)plan.Unindexed : 0;
        target.Components.Clear();
        target.Fingerprint = null;
        return target;
    }

    public static Wire.RecallEstimate Write(Engine.RecallEstimate recall) => Write(recall, new Wire.RecallEstimate());

    /// <param name="target">Gets the estimate, whatever it held.</param>
    public static Wire.RecallEstimate Write(Engine.RecallEstimate recall, Wire.RecallEstimate target)
    {
        target.Recall = recall.Recall;
        target.Basis = recall.Basis switch
        {
            Engine.RecallBasis.Exact => Wire.RecallBasis.Exact,
            Engine.RecallBasis.Calibrated => Wire.RecallBasis.Calibrated,
            Engine.RecallBasis.OutOfCalibration => Wire.RecallBasis.OutOfCalibration,
            _ => Wire.RecallBasis.None,
        };
        target.Low = 0;
        return target;
    }

    public static Wire.ScoreKind KindOf(VectorMetric metric) => metric switch
    {
        VectorMetric.Cosine => Wire.ScoreKind.Cosine,
        VectorMetric.Dot => Wire.ScoreKind.Dot,
        _ => Wire.ScoreKind.Euclidean,
    };

    private static Wire.Strategy Write(Engine.Strategy strategy) => strategy switch
    {
        // The contract has no word for it: its scan is exact.
        Engine.Strategy.CodeScan => Wire.Strategy.Unspecified,
        Engine.Strategy.Walk => Wire.Strategy.Walk,
        Engine.Strategy.FilteredWalk => Wire.Strategy.FilteredWalk,
        Engine.Strategy.WalkThenFilter => Wire.Strategy.WalkThenFilter,
        Engine.Strategy.WalkThenScan => Wire.Strategy.WalkThenScan,
        Engine.Strategy.Postings => Wire.Strategy.Postings,
        Engine.Strategy.Fusion => Wire.Strategy.Fusion,
        _ => Wire.Strategy.ExactScan,
    };
}
