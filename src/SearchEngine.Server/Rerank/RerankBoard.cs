using SearchEngine.Rpc;

namespace SearchEngine.Server.Rerank;

/// <summary>What is known of every candidate, and the order that follows: scored ones by score, then the unscored in the order they came, then
/// the failed. Equal scores keep the order they came in. No candidate is lost or doubled.</summary>
internal sealed class RerankBoard
{
    private readonly RankedCandidate[] _candidates;

    public RerankBoard(int count) =>
        _candidates = [.. Enumerable.Range(0, count).Select(static i => new RankedCandidate(i, Wire.CandidateState.Unscored, 0, null, null))];

    public int Scored { get; private set; }

    public int Failed { get; private set; }

    public int Unscored => _candidates.Length - Scored - Failed;

    public RankedCandidate this[int index] => _candidates[index];

    public void Score(int index, float score, Wire.TextUse? use)
    {
        _candidates[index] = new RankedCandidate(index, Wire.CandidateState.Scored, score, use, null);
        Scored++;
    }

    public void Fail(int index, RpcException error)
    {
        _candidates[index] = new RankedCandidate(index, Wire.CandidateState.Failed, 0, null, error);
        Failed++;
    }

    /// <summary>A copy of all scores; not a number where there is none.</summary>
    public float[] Scores() => [.. _candidates.Select(static c => c.State == Wire.CandidateState.Scored ? c.Score : float.NaN)];

    /// <param name="minScore">Scored ones below it are left out; whoever has no score stays.</param>
    public int[] Order(float? minScore) =>
    [
        .. _candidates.Where(c => c.State != Wire.CandidateState.Scored || !(c.Score < minScore))
            .OrderBy(static c => c.State).ThenByDescending(static c => c.Score).ThenBy(static c => c.Index).Select(static c => c.Index),
    ];

    /// <summary>
    /// How many of the first places no candidate can take any more: all once it is over, and before that those whose score is the
    /// greatest there is, since later candidates come after earlier ones of the same score.
    /// </summary>
    public int FinalPrefix(IReadOnlyList<int> order, Wire.ScoreKind kind, bool isOver) => isOver
        ? order.Count
        : kind == Wire.ScoreKind.Logit ? 0 : order.TakeWhile(i => _candidates[i] is { State: Wire.CandidateState.Scored, Score: >= 1 }).Count();
}
