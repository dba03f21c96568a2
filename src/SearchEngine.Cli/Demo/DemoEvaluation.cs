using SearchEngine.Cli.Evaluating;
using SearchEngine.Evaluation;

namespace SearchEngine.Cli.Demo;

/// <summary>All questions, ranked in three ways: by vectors, by vectors and reranker, and by BM25, which is there to compare with.</summary>
internal sealed class DemoEvaluation(DemoFiles files, DemoSearch search)
{
    private const int Depth = 50;
    private const int AtOnce = 4;

    public async Task<IReadOnlyList<Measured>> RunAsync(CancellationToken cancel)
    {
        var (vectors, reranked) = (new QueryMetrics[files.Questions.Count], new QueryMetrics[files.Questions.Count]);
        var (retrieveTime, rerankTime) = (new double[files.Questions.Count], new double[files.Questions.Count]);
        await Parallel.ForAsync(0, files.Questions.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, stop) =>
        {
            DemoFiles.Question question = files.Questions[i];
            Wire.SearchReply found = await search.RetrieveAsync(question.Text, DemoSearch.Filter(question.Filter), Depth, stop).ConfigureAwait(false);
            Wire.RerankReply ordered = await search.RerankAsync(question.Text, found.Hits, stop).ConfigureAwait(false);
            vectors[i] = Judge(question, found.Hits.Select(hit => new ScoredDocument(hit.Id.Text, hit.Score)));
            reranked[i] = Judge(question, ordered.Items.Select(item => new ScoredDocument(item.Id.Text, item.Score)));
            retrieveTime[i] = found.Header.Timings.TotalMicros / 1e3;
            rerankTime[i] = retrieveTime[i] + ordered.Header.Timings.TotalMicros / 1e3;
        }).ConfigureAwait(false);
        return
        [
            new Measured("BM25, for comparison", Bm25(), null),
            new Measured("vectors", vectors, Latency.Of(retrieveTime)),
            new Measured("vectors, reranked", reranked, Latency.Of(rerankTime)),
        ];
    }

    private QueryMetrics[] Bm25()
    {
        var index = new Bm25Index(files.Passages.Select(passage => PlainTerms.Of($"{passage.Texts["title"]} {passage.Texts["text"]}")), Bm25Options.Default);
        return
        [
            .. files.Questions.Select(question => Judge(question, index.Search(PlainTerms.Of(question.Text), files.Passages.Count)
                .Where(hit => question.Allows(files.Passages[hit.Document]))
                .Take(Depth)
                .Select(hit => new ScoredDocument(files.Passages[hit.Document].Id.Text, (float)hit.Score)))),
        ];
    }

    private static QueryMetrics Judge(DemoFiles.Question question, IEnumerable<ScoredDocument> ranking) =>
        QueryMetrics.Of(TrecOrder.Best(ranking, Depth), question.Judgements);
}
