using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;
using SearchEngine.Evaluation;

namespace SearchEngine.Cli.Evaluating;

/// <summary>All queries in one configuration, against a running server.</summary>
internal sealed class EvalRun(Session session, Wire.RequestHeader header, JudgedQueries queries, uint depth, int atOnce)
{
    public async Task<Measured> RunAsync(Configuration configuration, CancellationToken cancel)
    {
        var measures = new QueryMetrics[queries.Queries.Count];
        var milliseconds = new double[queries.Queries.Count];
        await Parallel.ForAsync(0, measures.Length, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancel }, async (i, stop) =>
        {
            (_, string text, Judgements judgements) = queries.Queries[i];
            Wire.SearchReply found = await session.CallAsync(Api.Search, Request(configuration, text), stop).ConfigureAwait(false);
            milliseconds[i] = Milliseconds(found.Header);
            ScoredDocument[] ranking = [.. found.Hits.Select(hit => new ScoredDocument(PointMap.Show(hit.Id), hit.Score))];
            if (configuration.RerankDepth > 0 && ranking.Length > 0)
            {
                (ranking, double more) = await RerankAsync(configuration, text, found, stop).ConfigureAwait(false);
                milliseconds[i] += more;
            }
            measures[i] = QueryMetrics.Of(TrecOrder.Best(ranking, (int)depth), judgements);
        }).ConfigureAwait(false);
        return new Measured(configuration.Name, measures, Latency.Of(milliseconds));
    }

    private Wire.SearchRequest Request(Configuration configuration, string text)
    {
        var request = new Wire.SearchRequest
        {
            Header = header,
            Query = new Wire.Query { Text = new Wire.TextQuery { Text = text } },
            K = depth,
            Accuracy = configuration.Accuracy,
        };
        if (configuration.Dimension > 0)
        {
            request.Walk = new Wire.WalkOptions { WalkDimension = configuration.Dimension, RescoreDimension = configuration.Dimension };
        }
        return request;
    }

    // Only what was reranked is compared by its scores; the rest follows in the order it had.
    private async Task<(ScoredDocument[] Ranking, double Milliseconds)> RerankAsync(Configuration configuration, string text, Wire.SearchReply found, CancellationToken cancel)
    {
        var request = new Wire.RerankRequest { Header = header, Query = text, Options = new Wire.RerankOptions { Truncation = Wire.Truncation.Head } };
        request.Candidates.Add(found.Hits.Take((int)configuration.RerankDepth).Select(hit => new Wire.RerankCandidate { Id = hit.Id }));
        Wire.RerankReply reply = await session.CallAsync(Api.Rerank, request, cancel).ConfigureAwait(false);
        Wire.Id[] order = [.. reply.Items.Select(item => item.Id), .. found.Hits.Skip((int)configuration.RerankDepth).Select(hit => hit.Id)];
        return ([.. order.Select((id, place) => new ScoredDocument(PointMap.Show(id), -place))], Milliseconds(reply.Header));
    }

    private static double Milliseconds(Wire.ReplyHeader header) => (header.Timings?.TotalMicros ?? 0) / 1e3;
}
