using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>
/// Says why a point is, or is not, among the hits: the search is run as asked, exactly, and each of its queries on the point alone, at every
/// allowed dimension. Each of these takes its turn at the desk. The way of the walk is not recorded by the engine, so no path is told.
/// </summary>
internal sealed class Explanations(SearchRunner runner, TextEncoder texts)
{
    private readonly SearchTexts _texts = new(texts);

    /// <summary>The point to explain: one that the caller may see.</summary>
    public static DocumentId Find(Wire.Id asked, CallContext context)
    {
        DocumentId id = IdMap.Read(asked, "id");
        return context.Collection.Count(ExplainedOrders.Only(id, context.Restrict(Filter.All))) > 0
            ? id
            : throw Refusal.Of(Wire.ErrorReason.PointUnknown, "id", $"There is no point {id}.", "Use the id of a stored point.", actual: id.ToString())
                .With("id", id.ToString());
    }

    /// <param name="id">As <see cref="Find"/> gives it.</param>
    public async ValueTask<Wire.ExplainReply> RunAsync(Wire.SearchRequest search, DocumentId id, CallContext context)
    {
        SearchOrder order = SearchMap.ReadRanking(search, context.Collection, context.Caller).WithoutBudget();
        order = await _texts.EncodeAsync(order, context, context.Cancellation).ConfigureAwait(false);
        Filter visible = ExplainedOrders.Only(id, context.Restrict(Filter.All));
        int wanted = order.Request.Count + order.Request.Offset;
        PointScores own = await ScoreAsync(order, visible, context).ConfigureAwait(false);
        SearchAnswer asked = await runner.RunAsync(ExplainedOrders.AsAsked(order), context).ConfigureAwait(false);
        var reply = new Wire.ExplainReply { Header = context.ReplyHeader(asked.Result.Sequence), Plan = SearchReplies.PlanOf(order, asked, context.Caller) };
        reply.Conditions.Add(ConditionVerdicts.Of(search.Filter, id, context.Collection));
        if (SearchReplies.FingerprintOf(order) is { } fingerprint)
        {
            reply.Fingerprint = fingerprint;
        }
        if (own.IsNowhere)
        {
            reply.Hit = new Wire.Hit { Id = IdMap.Write(id) };
            reply.MissCause = NowhereCause(order, id, context);
            return reply;
        }
        int place = PlaceOf(id, asked.Result.Hits);
        reply.Hit = own.ToHit(order, asked, id, place, context.Schema);
        if (TokenMatches.Late(order, id, context.Collection) is { Count: > 0 } tokens)
        {
            // Summed as the engine does.
            float score = (float)tokens.Sum(static t => (double)t.Score);
            reply.Hit.Score = score;
            reply.Hit.Components.Insert(0, HitComponents.Score(order.Late!, score, place, score));
        }
        else if (order.Late is not null)
        {
            reply.Hit.ScoreKind = order.FirstScoreKind;
        }
        bool matches = context.Collection.Count(ExplainedOrders.Only(id, order.Request.Filter)) > 0;
        reply.Rank = place <= wanted ? (uint)place : 0;
        if (matches)
        {
            SearchAnswer exact = await runner.RunAsync(ExplainedOrders.Exactly(order, reply.Hit.Score), context).ConfigureAwait(false);
            reply.ExactRank = (uint)PlaceOf(id, exact.Result.Hits);
        }
        if (reply.Rank > 1)
        {
            reply.OutrankedBy = SearchReplies.Hit(order, context.Schema, asked.Result.Hits[place - 2], null);
        }
        reply.MissCause = reply.Rank > 0 ? default : Cause(order, reply, matches, wanted);
        reply.Tokens.Add(TokenMatches.Of(order, id, context.Collection));
        reply.Terms.Add(WordTerms.Of(order, id, context.Collection));
        await AddVariantsAsync(reply, order, visible, context).ConfigureAwait(false);
        return reply;
    }

    private async ValueTask<PointScores> ScoreAsync(SearchOrder order, Filter visible, CallContext context)
    {
        var answers = new SearchAnswer[order.Components.Count];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = await runner.RunAsync(ExplainedOrders.Alone(order, i, visible), context).ConfigureAwait(false);
        }
        return new PointScores(answers);
    }

    // By which variant it is told only where one vector is searched: a variant does not say of which it is.
    private async ValueTask AddVariantsAsync(Wire.ExplainReply reply, SearchOrder order, Filter visible, CallContext context)
    {
        if (order.Request is not Engine.SearchRequest)
        {
            return;
        }
        VectorSchema vector = order.Components[0].Vector!;
        foreach (int dimension in vector.PrefixDimensions.Append(vector.Dimension).Distinct())
        {
            SearchAnswer answer = await runner.RunAsync(ExplainedOrders.Alone(order, 0, visible, dimension) with { Parts = null }, context).ConfigureAwait(false);
            foreach (Engine.Hit hit in answer.Result.Hits)
            {
                reply.Variants.Add(new Wire.ScoreVariant
                {
                    Dimension = (uint)dimension,
                    Representation = Wire.Representation.Truth,
                    Score = hit.Score,
                });
            }
        }
    }

    // It has no vector; or it has texts or a sparse vector, and none of the query's words or dimensions.
    private static Wire.MissCause NowhereCause(SearchOrder order, DocumentId id, CallContext context)
    {
        if (order.Request is Engine.SparseSearchRequest sparse)
        {
            Document? found = context.Collection.Get([id], DocumentParts.None with { Vectors = [sparse.VectorName!] })[0];
            return found is { SparseVectors.Count: > 0 } ? Wire.MissCause.Model : Wire.MissCause.NotInIndex;
        }
        if (order.Request is not Engine.TextSearchRequest words)
        {
            return Wire.MissCause.NotInIndex;
        }
        string[] fields = [.. words.Fields?.Keys ?? context.Schema.Texts.Where(static t => t.Index == TextIndex.Bm25).Select(static t => t.Name)];
        Document? point = context.Collection.Get([id], DocumentParts.None with { Texts = fields })[0];
        return point is { Texts.Count: > 0 } ? Wire.MissCause.Model : Wire.MissCause.NotInIndex;
    }

    private static Wire.MissCause Cause(SearchOrder order, Wire.ExplainReply reply, bool matches, int wanted)
    {
        float? least = (order.Request as Engine.SearchRequest)?.MinScore ?? (order.Request as Engine.PostingSearchRequest)?.MinScore
            ?? (order.Request as Engine.MultiSearchRequest)?.MinScore;
        // A threshold is one of the first stage.
        float first = reply.Hit.Components.Count > 0 ? reply.Hit.Components[^1].Score : reply.Hit.Score;
        return reply switch
        {
            _ when !matches => Wire.MissCause.Filter,
            _ when first < least => Wire.MissCause.Threshold,
            { ExactRank: > 0 } when reply.ExactRank <= wanted => Wire.MissCause.Graph,
            _ when order.Request is Engine.HybridRequest && reply.Hit.Components.Any(c => c.Rank > 0 && c.Rank <= wanted) => Wire.MissCause.Fusion,
            _ => Wire.MissCause.Model,
        };
    }

    private static int PlaceOf(DocumentId id, IReadOnlyList<Engine.Hit> hits)
    {
        for (int i = 0; i < hits.Count; i++)
        {
            if (hits[i].Id == id)
            {
                return i + 1;
            }
        }
        return 0;
    }
}
