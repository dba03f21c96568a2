using SearchEngine.Collections.Search;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Search.Streaming;

/// <summary>
/// Makes the frames of one stream. Result frames hold ids and scores; what else was asked for is read once, for the closing frame. Changes
/// refer to what was sent, so a revision that was never sent is never built upon.
/// </summary>
internal sealed class StreamFrames(SearchOrder order, CallContext context, Wire.StreamForm form)
{
    private uint _lastRevision;
    private IReadOnlyList<Wire.Hit> _lastHits = [];

    public Wire.SearchFrame Plan(PlannedSearch planned, long predictedMicros)
    {
        var frame = new Wire.PlanFrame
        {
            Header = context.ReplyHeader(planned.Sequence),
            Plan = new Wire.Plan
            {
                Strategy = StrategyOf(order),
                MatchCount = (ulong)planned.Matches,
                MatchCountBasis = Wire.CountBasis.Exact,
                Segments = context.Caller.SeesAll ? (uint)planned.Segments : 0,
                RescoreDimension = (uint)order.RescoreDimension,
            },
            PredictedCpuMicros = (ulong)predictedMicros,
        };
        frame.Header.Timings = null;
        frame.Header.Cost = null;
        if (SearchReplies.FingerprintOf(order) is { } fingerprint)
        {
            frame.Fingerprint = fingerprint;
        }
        return new Wire.SearchFrame { Plan = frame };
    }

    /// <summary>The stage that ends a search.</summary>
    public static Wire.ResultStage LastStageOf(SearchOrder order) => order switch
    {
        { Late: null, Request: HybridRequest } => Wire.ResultStage.Fused,
        { Late: null, Request: SearchRequest { ByCodes: true } } => Wire.ResultStage.Refined,
        _ => Wire.ResultStage.Rescored,
    };

    public Wire.SearchFrame Result(uint revision, SearchMoment moment)
    {
        FinalPrefix prefix = FinalPrefix.Of(moment, order.Request.Offset);
        var list = new Wire.HitList();
        for (int i = 0; i < moment.Hits.Count; i++)
        {
            list.Hits.Add(new Wire.Hit { Id = IdMap.Write(moment.Hits[i].Id), Score = moment.Hits[i].Score });
        }
        var frame = new Wire.ResultFrame
        {
            Revision = revision,
            Stage = moment.IsExact ? LastStageOf(order) : _lastRevision == 0 ? Wire.ResultStage.Early : Wire.ResultStage.Refined,
            FinalPrefix = (uint)prefix.Length,
            FinalBasis = prefix.Basis,
            FinalError = prefix.Error,
            ElapsedMicros = (uint)Math.Clamp((long)context.Elapsed.TotalMicroseconds, 0, uint.MaxValue),
            ScoreKind = moment.IsExact ? order.ScoreKind : order.FirstScoreKind,
        };
        if (form == Wire.StreamForm.Delta)
        {
            frame.Delta = HitDeltas.Between(_lastRevision, _lastHits, list.Hits);
        }
        else
        {
            frame.Whole = list;
        }
        (_lastRevision, _lastHits) = (revision, list.Hits);
        return new Wire.SearchFrame { Result = frame };
    }

    // As far as it is known before anything is searched.
    private static Wire.Strategy StrategyOf(SearchOrder order) => order.Request switch
    {
        HybridRequest => Wire.Strategy.Fusion,
        PostingSearchRequest => Wire.Strategy.Postings,
        MultiSearchRequest => Wire.Strategy.ExactScan,
        _ => order.Components[0].Shape.Kind == Admission.ShapeKind.Exact ? Wire.Strategy.ExactScan : Wire.Strategy.Unspecified,
    };
}
