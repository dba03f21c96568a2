using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>
/// Says why a point is, or is not, among the hits: the search is run as asked, exactly, and on the point alone at every allowed dimension.
/// Each of these takes its turn at the desk. The way of the walk is not recorded by the engine, so no path is told.
/// </summary>
internal sealed class Explanations(SearchRunner runner, TextEncoder texts)
{
    private readonly SearchTexts _texts = new(texts);

    /// <summary>The point to explain: one that the caller may see.</summary>
    public static DocumentId Find(Wire.Id asked, CallContext context)
    {
        DocumentId id = IdMap.Read(asked, "id");
        return context.Collection.Count(Only(id, context.Restrict(Filter.All))) > 0
            ? id
            : throw Refusal.Of(Wire.ErrorReason.PointUnknown, "id", $"There is no point {id}.", "Use the id of a stored point.", actual: id.ToString())
                .With("id", id.ToString());
    }

    /// <param name="id">As <see cref="Find"/> gives it.</param>
    public async ValueTask<Wire.ExplainReply> RunAsync(Wire.SearchRequest search, DocumentId id, CallContext context)
    {
        SearchOrder order = SearchMap.Read(search, context.Collection, context.Restrict);
        order = await _texts.EncodeAsync(order, context, context.Cancellation).ConfigureAwait(false);
        Filter visible = Only(id, context.Restrict(Filter.All));
        int wanted = order.Request.Count + order.Request.Offset;
        SearchAnswer own = await runner.RunAsync(Narrow(order, visible, order.Request.RescoreDimension), context).ConfigureAwait(false);
        SearchAnswer asked = await runner.RunAsync(
            order with { Parts = null, Request = order.Request with { Count = wanted, Offset = 0 } }, context).ConfigureAwait(false);
        var reply = new Wire.ExplainReply { Header = context.ReplyHeader(asked.Result.Sequence), Plan = PlanMap.Write(asked.Result.Plan) };
        reply.Conditions.Add(ConditionVerdicts.Of(search.Filter, id, context.Collection));
        if (SearchReplies.FingerprintOf(order) is { } fingerprint)
        {
            reply.Fingerprint = fingerprint;
        }
        if (own.Result.Hits.Count == 0)
        {
            reply.Hit = new Wire.Hit { Id = IdMap.Write(id) };
            reply.MissCause = Wire.MissCause.NotInIndex;
            return reply;
        }
        Engine.Hit hit = own.Result.Hits[0];
        Document? document = own.Documents.Count > 0 ? own.Documents[0] : null;
        reply.Hit = SearchReplies.Hit(order, context.Schema, hit, 0, document);
        bool matches = context.Collection.Count(Only(id, order.Request.Filter)) > 0;
        reply.Rank = (uint)RankOf(id, asked.Result.Hits);
        if (matches)
        {
            SearchAnswer exact = await runner.RunAsync(Exactly(order, hit.Score), context).ConfigureAwait(false);
            reply.ExactRank = (uint)RankOf(id, exact.Result.Hits);
        }
        if (reply.Rank > 1)
        {
            reply.OutrankedBy = SearchReplies.Hit(order, context.Schema, asked.Result.Hits[(int)reply.Rank - 2], (int)reply.Rank - 2, null);
        }
        reply.MissCause = Cause(order, reply, matches, hit.Score, wanted);
        await AddVariantsAsync(reply, order, visible, context).ConfigureAwait(false);
        return reply;
    }

    private async ValueTask AddVariantsAsync(Wire.ExplainReply reply, SearchOrder order, Filter visible, CallContext context)
    {
        foreach (int dimension in order.Vector.PrefixDimensions.Append(order.Vector.Dimension).Distinct())
        {
            SearchAnswer answer = await runner.RunAsync(Narrow(order, visible, dimension) with { Parts = null }, context).ConfigureAwait(false);
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

    private static Wire.MissCause Cause(SearchOrder order, Wire.ExplainReply reply, bool matches, float score, int wanted) => reply switch
    {
        { Rank: > 0 } => Wire.MissCause.Unspecified,
        _ when !matches => Wire.MissCause.Filter,
        _ when score < order.Request.MinScore => Wire.MissCause.Threshold,
        { ExactRank: > 0 } when reply.ExactRank <= wanted => Wire.MissCause.Graph,
        _ => Wire.MissCause.Model,
    };

    // The point alone, scored from its stored vector.
    private static SearchOrder Narrow(SearchOrder order, Filter only, int? dimension) => order with
    {
        Request = order.Request with
        {
            Filter = only,
            Accuracy = Engine.Accuracy.Exact,
            Count = 1,
            Offset = 0,
            MinScore = null,
            WalkDimension = null,
            RescoreDimension = dimension == order.Vector.Dimension ? null : dimension,
        },
        Shape = order.Shape with { Kind = ShapeKind.Filtered, Wanted = 1 },
    };

    private static SearchOrder Exactly(SearchOrder order, float least) => order with
    {
        Parts = null,
        Request = order.Request with
        {
            Accuracy = Engine.Accuracy.Exact,
            Count = SearchLimits.MaxExplainedRank,
            Offset = 0,
            MinScore = least,
            WalkDimension = null,
        },
        Shape = order.Shape with { Kind = ShapeKind.Exact, Wanted = SearchLimits.MaxExplainedRank },
    };

    // Beside the filter's own conditions: a level more could be one too many.
    private static Filter Only(DocumentId id, Filter filter) => filter with { Must = [new Condition.IdIn([id]), .. filter.Must] };

    private static int RankOf(DocumentId id, IReadOnlyList<Engine.Hit> hits)
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
