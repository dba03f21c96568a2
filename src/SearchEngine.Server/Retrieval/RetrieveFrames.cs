using SearchEngine.Server.Calls;
using SearchEngine.Server.Rerank;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Streaming;

namespace SearchEngine.Server.Retrieval;

/// <summary>Makes the frames of one retrieval before its reply. Changes refer to what was sent.</summary>
internal sealed class RetrieveFrames(CallContext context, Wire.StreamForm form)
{
    private uint _lastRevision;
    private IReadOnlyList<Wire.Hit> _lastHits = [];

    public bool HasResults => form != Wire.StreamForm.FinalOnly;

    public Wire.RetrieveFrame Plan(SearchOrder search, RetrievalPlan plan, long predictedMicros, Wire.BudgetSplit split)
    {
        Wire.ReplyHeader header = context.ReplyHeader();
        (header.Timings, header.Cost) = (null, null);
        var frame = new Wire.RetrieveFrame
        {
            Plan = new Wire.RetrievePlan
            {
                Search = new Wire.PlanFrame
                {
                    Header = header,
                    Plan = new Wire.Plan { RescoreDimension = (uint)search.RescoreDimension },
                    PredictedCpuMicros = (ulong)predictedMicros,
                },
                Split = split,
                Candidates = (uint)plan.Candidates,
                RerankDepth = (uint)plan.Depth,
            },
        };
        if (SearchReplies.FingerprintOf(search) is { } fingerprint)
        {
            frame.Plan.Search.Fingerprint = fingerprint;
        }
        return frame;
    }

    /// <summary>The first stage's hits; final where nothing will change them.</summary>
    public Wire.RetrieveFrame Found(IReadOnlyList<Wire.Hit> hits, SearchOrder search, bool isFinal) =>
        Result(1, StreamFrames.LastStageOf(search), hits, search.ScoreKind, isFinal ? hits.Count : 0);

    public Wire.RetrieveFrame Ranked(RoundResult round, IReadOnlyList<Wire.Hit> hits, Wire.ScoreKind kind) =>
        Result((uint)round.Number + 1, Wire.ResultStage.Reranked, hits, kind, Math.Min(round.FinalPrefix, hits.Count));

    private Wire.RetrieveFrame Result(uint revision, Wire.ResultStage stage, IReadOnlyList<Wire.Hit> hits, Wire.ScoreKind kind, int finalPrefix)
    {
        var frame = new Wire.ResultFrame
        {
            Revision = revision,
            Stage = stage,
            FinalPrefix = (uint)finalPrefix,
            FinalBasis = finalPrefix > 0 ? Wire.FinalBasis.Proved : default,
            ElapsedMicros = (uint)Math.Clamp((long)context.Elapsed.TotalMicroseconds, 0, uint.MaxValue),
            ScoreKind = kind,
        };
        var list = new Wire.HitList { Hits = { hits } };
        if (form == Wire.StreamForm.Delta)
        {
            frame.Delta = HitDeltas.Between(_lastRevision, _lastHits, list.Hits);
        }
        else
        {
            frame.Whole = list;
        }
        (_lastRevision, _lastHits) = (revision, list.Hits);
        return new Wire.RetrieveFrame { Result = frame };
    }
}
