namespace SearchEngine.Server.Rerank;

/// <summary>Where a rerank stands after a round.</summary>
/// <param name="Number">Of the round, from 1.</param>
/// <param name="Settled">What was scored, or failed, since the round before.</param>
/// <param name="Order">All candidates, the best first.</param>
/// <param name="Scores">Of all candidates; not a number where there is none.</param>
/// <param name="FinalPrefix">So many places are certain.</param>
internal sealed record RoundResult(
    int Number, IReadOnlyList<RankedCandidate> Settled, IReadOnlyList<int> Order, IReadOnlyList<float> Scores, int FinalPrefix)
{
    /// <summary>Null where a candidate was not scored.</summary>
    public float? ScoreOf(int index) => float.IsNaN(Scores[index]) ? null : Scores[index];
}
