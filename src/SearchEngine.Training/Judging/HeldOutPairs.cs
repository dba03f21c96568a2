using SearchEngine.Evaluation;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;
using SearchEngine.Training.Reranking;

namespace SearchEngine.Training.Judging;

/// <summary>The held-out queries with what the encoder finds for each, for rerankers to put in order. Features are computed once.</summary>
internal sealed class HeldOutPairs
{
    private const int Reranked = 100;

    private readonly HeldOutJudge _judge;
    private readonly (int Row, float[] Features)[][] _found;

    public HeldOutPairs(HeldOutJudge judge, EncoderParameters encoder, PairFeatures features, Workers workers)
    {
        _judge = judge;
        if (judge.Queries == 0)
        {
            _found = [];
            return;
        }
        var nearest = judge.Nearest(encoder, Reranked);
        _found = new (int, float[])[nearest.Length][];
        workers.For(_found.Length, query =>
            _found[query] = [.. nearest[query].Select(hit => (hit.Row, features.Of(judge.Query(query), judge.Document(hit.Row))))]);
    }

    public bool IsEmpty => _found.Length == 0;

    public QueryMetrics[] Judge(PairScorer scorer) => _judge.JudgeRankings(_found.Select(pairs => pairs
        .Select(pair => (pair.Row, Score: scorer.Score(pair.Features)))
        .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Row).Take(HeldOutJudge.Depth)));
}
