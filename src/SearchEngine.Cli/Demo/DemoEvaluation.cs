using SearchEngine.Cli.Evaluating;
using SearchEngine.Cli.Searching;
using SearchEngine.Evaluation;

namespace SearchEngine.Cli.Demo;

/// <summary>All questions, ranked in every way the server has: by words, by vectors, by both, and reranked.</summary>
internal sealed class DemoEvaluation(DemoFiles files, DemoSearch search)
{
    private const int Depth = 50;
    private const int AtOnce = 4;

    public async Task<IReadOnlyList<Measured>> RunAsync(CancellationToken cancel)
    {
        Ranking words = New("words (BM25)"), vectors = New("vectors"), hybrid = New("hybrid"),
            reranked = New("vectors, reranked"), both = New("hybrid, reranked");
        await Parallel.ForAsync(0, files.Questions.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (i, stop) =>
        {
            await RetrieveAsync(i, SearchedBy.Words, words, stop).ConfigureAwait(false);
            Wire.SearchReply found = await RetrieveAsync(i, SearchedBy.Vectors, vectors, stop).ConfigureAwait(false);
            await RerankAsync(i, found, reranked, stop).ConfigureAwait(false);
            found = await RetrieveAsync(i, SearchedBy.Hybrid, hybrid, stop).ConfigureAwait(false);
            await RerankAsync(i, found, both, stop).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return [.. new[] { words, vectors, hybrid, reranked, both }.Select(static r => new Measured(r.Name, r.Queries, Latency.Of(r.Milliseconds)))];
    }

    private Ranking New(string name) => new(name, new QueryMetrics[files.Questions.Count], new double[files.Questions.Count]);

    private async Task<Wire.SearchReply> RetrieveAsync(int at, SearchedBy by, Ranking ranking, CancellationToken cancel)
    {
        DemoFiles.Question question = files.Questions[at];
        Wire.SearchReply found = await search.RetrieveAsync(question.Text, by, DemoSearch.Filter(question.Filter), Depth, cancel).ConfigureAwait(false);
        ranking.Queries[at] = Judge(question, found.Hits.Select(static hit => new ScoredDocument(hit.Id.Text, hit.Score)));
        ranking.Milliseconds[at] = found.Header.Timings.TotalMicros / 1e3;
        return found;
    }

    private async Task RerankAsync(int at, Wire.SearchReply found, Ranking ranking, CancellationToken cancel)
    {
        DemoFiles.Question question = files.Questions[at];
        Wire.RerankReply ordered = await search.RerankAsync(question.Text, found.Hits, cancel).ConfigureAwait(false);
        ranking.Queries[at] = Judge(question, ordered.Items.Select(static item => new ScoredDocument(item.Id.Text, item.Score)));
        ranking.Milliseconds[at] = (found.Header.Timings.TotalMicros + ordered.Header.Timings.TotalMicros) / 1e3;
    }

    private static QueryMetrics Judge(DemoFiles.Question question, IEnumerable<ScoredDocument> ranking) =>
        QueryMetrics.Of(TrecOrder.Best(ranking, Depth), question.Judgements);

    /// <summary>One way of ranking, by question.</summary>
    private sealed record Ranking(string Name, QueryMetrics[] Queries, double[] Milliseconds);
}
