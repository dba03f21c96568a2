using SearchEngine.Collections.Schema;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>How a search ran, in the words of the contract.</summary>
internal static class PlanMap
{
    public static Wire.Plan Write(Engine.SearchPlan plan) => new()
    {
        Strategy = Write(plan.Strategy),
        Breadth = (uint)plan.Breadth,
        MatchCount = (ulong)plan.Matches,
        MatchCountBasis = Wire.CountBasis.Exact,
        WalkDimension = (uint)plan.WalkDimension,
        RescoreDimension = (uint)plan.RescoreDimension,
        Rescored = (uint)Math.Min(uint.MaxValue, plan.Rescored),
        Segments = (uint)plan.Segments,
        Unindexed = (ulong)plan.Unindexed,
    };

    public static Wire.RecallEstimate Write(Engine.RecallEstimate recall) => new()
    {
        Recall = recall.Recall,
        Basis = recall.Basis switch
        {
            Engine.RecallBasis.Exact => Wire.RecallBasis.Exact,
            Engine.RecallBasis.Calibrated => Wire.RecallBasis.Calibrated,
            Engine.RecallBasis.OutOfCalibration => Wire.RecallBasis.OutOfCalibration,
            _ => Wire.RecallBasis.None,
        },
    };

    public static Wire.ScoreKind KindOf(VectorMetric metric) => metric switch
    {
        VectorMetric.Cosine => Wire.ScoreKind.Cosine,
        VectorMetric.Dot => Wire.ScoreKind.Dot,
        _ => Wire.ScoreKind.Euclidean,
    };

    private static Wire.Strategy Write(Engine.Strategy strategy) => strategy switch
    {
        Engine.Strategy.Walk => Wire.Strategy.Walk,
        Engine.Strategy.FilteredWalk => Wire.Strategy.FilteredWalk,
        Engine.Strategy.WalkThenFilter => Wire.Strategy.WalkThenFilter,
        Engine.Strategy.WalkThenScan => Wire.Strategy.WalkThenScan,
        Engine.Strategy.Postings => Wire.Strategy.Postings,
        Engine.Strategy.Fusion => Wire.Strategy.Fusion,
        _ => Wire.Strategy.ExactScan,
    };
}
