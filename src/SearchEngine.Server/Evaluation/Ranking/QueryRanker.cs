using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Ranking;

/// <summary>Ranks judged queries under one configuration, as a caller's search and rerank would.</summary>
internal sealed class QueryRanker(ServerState server, SearchRunner runner, ConfigurationOrder configuration, Wire.VectorOrigin? origin)
{
    private readonly PatientSearch _searches = new(runner, server.Time);

    private readonly bool _encodes = server.Encoders.Connections.Count > 0;

    private readonly RerankStage? _rerank = configuration.Rerank is { } options
        ? new RerankStage(server, options, configuration.RerankCandidates, $"{configuration.Path}.rerank")
        : null;

    /// <summary>Encodes queries together, so that neither batches nor what is remembered of texts colour the times of searches.</summary>
    /// <returns>Each a search that is ready to run, or why there is none.</returns>
    public async Task<PreparedQuery[]> PrepareAsync(IReadOnlyList<Wire.JudgedQuery> queries)
    {
        Wire.SearchRequest[] searches = [.. queries.Select(query => QueryFill.Of(configuration.Template, query, origin, _encodes))];
        BatchTexts encoded = await BatchTexts.EncodeAsync(searches, server.Texts, configuration.Context).ConfigureAwait(false);
        return [.. searches.Select((search, i) => Prepare(queries[i], search, order => encoded.Fill(i, order)))];
    }

    /// <param name="context">The call, for this flow alone.</param>
    /// <exception cref="RpcException">What the search or rerank was refused for.</exception>
    public async Task<RankedQuery> RankAsync(PreparedQuery query, CallContext context)
    {
        SearchOrder order = query.Order ?? throw query.Error!;
        SearchAnswer answer = await _searches.RunAsync(order, context).ConfigureAwait(false);
        var found = new RankedQuery([.. answer.Result.Hits.Select(static hit => (hit.Id, hit.Score))], answer.Micros, SearchReplies.FingerprintOf(order), null);
        return _rerank is null ? found : await _rerank.RunAsync(query.Judged.Text, found, context).ConfigureAwait(false);
    }

    private PreparedQuery Prepare(Wire.JudgedQuery judged, Wire.SearchRequest search, Func<SearchOrder, SearchOrder> fill)
    {
        try
        {
            return new PreparedQuery(judged, fill(SearchMap.ReadRanking(search, configuration.Context.Collection, configuration.Context.Caller)), null);
        }
        catch (RpcException refused)
        {
            return new PreparedQuery(judged, null, refused);
        }
    }
}
