using SearchEngine.Rpc;
using SearchEngine.Server.Rerank;
using SearchEngine.Server.Tests.Search.Admission;

namespace SearchEngine.Server.Tests.Rerank;

/// <summary>A rerank model whose scores and costs a test writes down; it moves the clock by what a call costs and knows no other time.</summary>
internal sealed class ScriptedScorer(ManualClock clock, Func<string, float> score, TimeSpan perPair) : IPairScorer
{
    public string CostName => "scripted";

    public Wire.Fingerprint Fingerprint { get; } = new() { Space = "s1-scripted" };

    public Wire.TextUse? QueryUse => null;

    public List<string[]> Calls { get; } = [];

    /// <summary>Texts that are refused one by one.</summary>
    public Func<string, RpcException?> Refuses { get; init; } = static _ => null;

    public Task<PairOutcome[]> ScoreAsync(IReadOnlyList<string> documents, TimeSpan? left, CancellationToken cancel)
    {
        Calls.Add([.. documents]);
        TimeSpan cost = perPair * documents.Count;
        if (cost > left)
        {
            clock.Advance(left.Value);
            throw Refusal.Of(Wire.ErrorReason.Deadline, "", "Late.", "Allow more.");
        }
        clock.Advance(cost);
        return Task.FromResult<PairOutcome[]>([.. documents.Select(text => Refuses(text) is { } error ? new PairOutcome(0, null, error) : new PairOutcome(score(text), null, null))]);
    }
}
