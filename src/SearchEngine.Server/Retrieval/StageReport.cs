using SearchEngine.Rpc;
using SearchEngine.Server.Rerank;

namespace SearchEngine.Server.Retrieval;

/// <summary>What was skipped or cut short, and what that makes of the answer.</summary>
internal sealed class StageReport
{
    public List<Wire.SkippedStage> Skipped { get; } = [];

    /// <summary>UNSPECIFIED where everything asked for was done; the first reason counts.</summary>
    public Wire.IncompleteReason Reason { get; private set; }

    public Wire.Degradation Degradation { get; private set; }

    /// <param name="done">Share of the search that was done, 0 to 1.</param>
    public void SearchRanOut(float done) => Add(Wire.RetrieveStage.Search, Wire.ErrorReason.Deadline, done, Wire.IncompleteReason.Time);

    /// <summary>The server has no rerank model and none was named: nothing that was asked for is missing, and the caller is told.</summary>
    public void NoModel() => Add(Wire.RetrieveStage.Rerank, Wire.ErrorReason.ModelUnknown, 0, default);

    public void NoText() => Add(Wire.RetrieveStage.Rerank, Wire.ErrorReason.AttributeUnknown, 0, default);

    public void RerankTooLate() => Add(Wire.RetrieveStage.Rerank, Wire.ErrorReason.PredictedLate, 0, Wire.IncompleteReason.Time);

    /// <summary>The encoder refused or went away; what was scored before counts.</summary>
    public void RerankFailed(RpcException failed, RerankBoard? board, int depth)
    {
        Wire.ErrorReason reason = Reasons.Of(failed.Reason);
        Degradation = reason == Wire.ErrorReason.EncoderDown ? Wire.Degradation.StageUnreachable : Wire.Degradation.Overload;
        Add(Wire.RetrieveStage.Rerank, reason, Share(board?.Scored ?? 0, depth), Wire.IncompleteReason.Stage);
    }

    public void Reranked(RerankOutcome outcome, int depth)
    {
        float done = Share(outcome.Board.Scored, depth);
        if (outcome.End is RerankEnd.Deadline or RerankEnd.PredictedLate)
        {
            Add(
                Wire.RetrieveStage.Rerank, outcome.End == RerankEnd.Deadline ? Wire.ErrorReason.Deadline : Wire.ErrorReason.PredictedLate, done,
                Wire.IncompleteReason.Time);
        }
        foreach (Wire.ErrorReason reason in Enumerable.Range(0, depth).Select(i => outcome.Board[i].Error).OfType<RpcException>()
            .Select(static error => Reasons.Of(error.Reason)).Distinct())
        {
            Add(Wire.RetrieveStage.Rerank, reason, done, Wire.IncompleteReason.Stage);
        }
    }

    private void Add(Wire.RetrieveStage stage, Wire.ErrorReason reason, float done, Wire.IncompleteReason incomplete)
    {
        Skipped.Add(new Wire.SkippedStage { Stage = stage, Reason = reason, Done = done });
        Reason = Reason == 0 ? incomplete : Reason;
        RetrievalMetrics.Skipped(stage, reason);
    }

    private static float Share(int done, int of) => of == 0 ? 1 : (float)done / of;
}
