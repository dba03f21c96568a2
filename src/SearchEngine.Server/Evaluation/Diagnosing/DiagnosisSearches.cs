using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Search;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Evaluation.Diagnosing;

/// <summary>The searches of one diagnosis: the caller's own with one thing changed at a time, each taking its turn at the desk.</summary>
internal sealed class DiagnosisSearches(ServerState server, SearchRunner runner, CallContext context, DocumentId id)
{
    // Scores of one row differ by rounding where it is scored in another company.
    private const float Tie = 1e-6f;

    private readonly SearchTexts _texts = new(server.Texts);

    public DocumentId Expected => id;

    /// <summary>Whether the caller sees such a point.</summary>
    public bool Exists => Matches(context.Restrict(Filter.All));

    /// <summary>Whether the point meets the filter of a search.</summary>
    public bool Meets(Wire.SearchRequest search) => Matches(SearchMap.ReadRanking(search, context.Collection, context.Caller).Request.Filter);

    /// <summary>What a search by one vector searches with.</summary>
    public async Task<ReadOnlyMemory<float>> QueryAsync(Wire.SearchRequest search) => ((Engine.SearchRequest)(await OrderAsync(search).ConfigureAwait(false)).Request).Query;

    /// <summary>As asked, for so many hits.</summary>
    public Task<Ranked> RunAsync(Wire.SearchRequest search, int hits) => RunAsync(search, hits, static filter => filter);

    /// <summary>As asked, with the point let in whatever the filter says: among the points that it competes with.</summary>
    public Task<Ranked> LettingInAsync(Wire.SearchRequest search, int hits) => RunAsync(search, hits, LetIn);

    /// <summary>The point's own score; null where there is nothing to score.</summary>
    public async Task<float?> ScoreAsync(Wire.SearchRequest search)
    {
        Ranked alone = await RunAsync(Exactly(search, null), 1, _ => Only(context.Restrict(Filter.All))).ConfigureAwait(false);
        return alone.Hits.Count > 0 ? alone.Hits[0].Score : null;
    }

    /// <summary>An exact search for all that scores as well as the point.</summary>
    public Task<Ranked> ExactAsync(Wire.SearchRequest search, float own) =>
        RunAsync(Exactly(search, own), SearchLimits.MaxExplainedRank, LetIn);

    /// <summary>The same without the caller's filter.</summary>
    public static Wire.SearchRequest Unfiltered(Wire.SearchRequest search)
    {
        Wire.SearchRequest free = search.Clone();
        free.Filter = null;
        return free;
    }

    private static Wire.SearchRequest Exactly(Wire.SearchRequest search, float? least)
    {
        Wire.SearchRequest exact = search.Clone();
        (exact.Walk, exact.Accuracy) = (null, null);
        exact.ClearMinScore();
        if (exact.Query?.KindCase is not (Wire.Query.KindOneofCase.Lexical or Wire.Query.KindOneofCase.Sparse))
        {
            exact.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
        }
        if (least is { } score)
        {
            exact.MinScore = score - Tie * Math.Max(1, Math.Abs(score));
        }
        return exact;
    }

    private async Task<Ranked> RunAsync(Wire.SearchRequest search, int hits, Func<Filter, Filter> filtered)
    {
        SearchOrder order = await OrderAsync(search).ConfigureAwait(false);
        order = order.Taking(hits) with { Parts = null };
        order = order with { Request = order.Request with { Filter = filtered(order.Request.Filter) } };
        SearchAnswer answer = await runner.RunAsync(order, context).ConfigureAwait(false);
        return new Ranked([.. answer.Result.Hits.Select(static hit => (hit.Id, hit.Score))], id);
    }

    // The encoder is asked once: it remembers what it was asked lately.
    private ValueTask<SearchOrder> OrderAsync(Wire.SearchRequest search)
    {
        // No stage of a diagnosis tells what the second one did.
        FieldNotServed.When(search.LateInteraction is not null, "late_interaction");
        return _texts.EncodeAsync(SearchMap.ReadRanking(search, context.Collection, context.Caller).WithoutBudget(), context, context.Cancellation);
    }

    private bool Matches(Filter filter) => context.Collection.Count(Only(filter)) > 0;

    private Filter Only(Filter filter) => ExplainedOrders.Only(id, filter);

    private Filter LetIn(Filter filter) =>
        filter.IsEmpty ? filter : new Filter { Should = [new Condition.Matches(filter), new Condition.IdIn([id])] };
}
