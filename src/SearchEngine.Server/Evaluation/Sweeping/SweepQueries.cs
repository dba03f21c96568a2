using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Evaluation.Judged;
using SearchEngine.Server.Evaluation.Measuring;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Search;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Evaluation.Sweeping;

/// <summary>The queries of a sweep: judged ones, or points of the collection, which are not among their own hits.</summary>
internal sealed class SweepQueries(ServerState server, SearchRunner runner, SweepOrder order, CallContext context)
{
    // Scores of one row differ by rounding where it is scored in another company.
    private const float Tie = 1e-6f;

    private readonly PatientSearch _searches = new(runner, server.Time);

    public Task<SweepQuery[]> ReadAsync() => order.Judgements is { } judgements ? JudgedAsync(judgements) : Task.FromResult(Sampled());

    /// <summary>Finds what each query should find, by exact searches at the full dimension.</summary>
    public async Task FindTruthAsync(SweepQuery query, CallContext flow)
    {
        // A few more than wanted: equals of the last one are as right as it is.
        SearchAnswer answer = await _searches.RunAsync(query.Order.Taking(2 * order.Hits + 1), flow).ConfigureAwait(false);
        Engine.Hit[] hits = query.Without(answer.Result.Hits);
        query.Wanted = Math.Min(order.Hits, hits.Length);
        float last = query.Wanted == 0 ? 0 : hits[query.Wanted - 1].Score;
        query.Truth = [.. hits.Where((hit, i) => i < query.Wanted || hit.Score >= last - Tie * Math.Max(1, Math.Abs(last))).Select(static hit => hit.Id)];
    }

    private async Task<SweepQuery[]> JudgedAsync(JudgementSet set)
    {
        var template = new Wire.SearchRequest { Query = Query(), Filter = order.Filter, Accuracy = Exactly, K = (uint)order.Hits };
        var configuration = new ConfigurationOrder("", context, template, null, 0, "");
        JudgedQuestion[] questions = JudgedQuestion.Of(set);
        // Queries without a relevant point have a truth all the same.
        Wire.JudgedQuery[] queries = [.. set.Queries.Take(order.Queries)];
        Dictionary<string, JudgedQuestion> byId = questions.ToDictionary(static q => q.Query.QueryId, StringComparer.Ordinal);
        PreparedQuery[] prepared = await new QueryRanker(server, runner, configuration, set.Origin).PrepareAsync(queries).ConfigureAwait(false);
        return [.. prepared.Select(query => new SweepQuery(query.Order ?? throw query.Error!, null, byId.GetValueOrDefault(query.Judged.QueryId)))];
    }

    // Which slice a point is in depends on its id alone, so one slice is a sample.
    private SweepQuery[] Sampled()
    {
        Filter filter = context.Restrict(FilterMap.Read(order.Filter, "filter"));
        var parts = new DocumentParts { Attributes = [], Texts = [], Vectors = [order.Vector.Name] };
        var sampled = new List<SweepQuery>(order.Queries);
        int slices = (int)Math.Clamp(context.Collection.Count(filter) / order.Queries, 1, int.MaxValue);
        for (int slice = 0; slice < slices && sampled.Count < order.Queries; slice++)
        {
            using Scroll scroll = context.Collection.Scroll(new ScrollRequest { Filter = filter, Parts = parts, Slice = slice, SliceCount = slices });
            while (!scroll.IsAtEnd && sampled.Count < order.Queries)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                sampled.AddRange(scroll.Read(order.Queries - sampled.Count).Where(point => point.Vectors.ContainsKey(order.Vector.Name)).Select(point => Of(point.Id)));
            }
        }
        return sampled.Count > 0
            ? [.. sampled]
            : throw Refusal.Invalid("filter", "No point of the collection has the vector and meets the filter.", "Write points first, or leave the filter out.");
    }

    // A filter that leaves the point itself out would make another kind of search of it.
    private SweepQuery Of(DocumentId id)
    {
        var search = new Wire.SearchRequest { Query = Query(), Filter = order.Filter, Accuracy = Exactly, K = (uint)order.Hits };
        search.Query.Id = IdMap.Write(id);
        SearchOrder itself = SearchMap.Read(search, context.Collection, context.Caller);
        Filter filter = context.Restrict(FilterMap.Read(order.Filter, "filter"));
        return new SweepQuery(itself with { Request = itself.Request with { Filter = filter } }, id, null);
    }

    private Wire.Query Query() => new() { VectorName = order.Vector.Name };

    private static Wire.Accuracy Exactly => new() { Exact = new Wire.Exact() };
}
