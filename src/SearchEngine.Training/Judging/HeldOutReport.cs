using SearchEngine.Evaluation;
using SearchEngine.Training.Corpus;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Reranking;

namespace SearchEngine.Training.Judging;

/// <summary>Ranks the held-out passages by BM25, by the encoder, by both and by the reranker, on the same split.</summary>
internal sealed class HeldOutReport(
    IReadOnlyList<Passage> passages, TrainingTexts texts, HeldOutJudge judge, EncoderParameters encoder, HeldOutPairs pairs,
    PairScorer scorer)
{
    /// <param name="before">Measures of the encoder before training; empty where it was resumed.</param>
    /// <param name="training">How the encoder came about.</param>
    /// <param name="pieces">Of the tokenizer.</param>
    /// <param name="cut">Texts that were not read whole.</param>
    public TrainingReport Of(QueryMetrics[] before, EncoderTraining training, int pieces, int cut)
    {
        var rankings = new List<RankedBy>();
        Interval? againstBm25 = null, againstStart = null;
        if (judge.Queries > 0)
        {
            var bm25 = judge.JudgeRankings(ByBm25());
            var after = judge.Judge(encoder);
            rankings.Add(RankedBy.Of("BM25", bm25));
            if (before.Length > 0)
            {
                rankings.Add(RankedBy.Of("encoder before training", before));
                againstStart = Difference(after, before);
            }
            rankings.Add(RankedBy.Of("encoder", after));
            rankings.Add(RankedBy.Of("encoder, reranked", pairs.Judge(scorer)));
            againstBm25 = Difference(after, bm25);
        }
        return new TrainingReport
        {
            Passages = texts.Learned.Count,
            Pieces = pieces,
            Cut = cut,
            Steps = training.Steps,
            BestStep = training.BestStep,
            RanOutOfTime = training.RanOutOfTime,
            HeldOut = judge.Queries,
            Rankings = rankings,
            AgainstBm25 = againstBm25,
            AgainstStart = againstStart,
        };
    }

    private static Interval Difference(QueryMetrics[] left, QueryMetrics[] right) =>
        Bootstrap.Difference([.. left.Select(query => query.Ndcg10)], [.. right.Select(query => query.Ndcg10)]);

    private IEnumerable<IEnumerable<(int Row, float Score)>> ByBm25()
    {
        var index = new Bm25Index(
            judge.Passages.Select(i => PlainTerms.Of(CleanText.Of(texts.IsHeldOut(i) ? passages[i].Text : passages[i].Whole))), Bm25Options.Default);
        return texts.HeldOut.Select(i => index.Search(PlainTerms.Of(passages[i].Title), HeldOutJudge.Depth)
            .Select(hit => (hit.Document, (float)hit.Score)));
    }
}
