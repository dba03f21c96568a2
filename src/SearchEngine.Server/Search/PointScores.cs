using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>What each query of a search makes of one point, whether or not it finds it.</summary>
/// <param name="answers">Of the queries, each on the point alone.</param>
internal sealed class PointScores(IReadOnlyList<SearchAnswer> answers)
{
    /// <summary>It has nothing that any of the queries could score.</summary>
    public bool IsNowhere => answers.All(static a => a.Result.Hits.Count == 0);

    /// <param name="place">Among the hits as asked, from 1; 0 when it is not among them.</param>
    public Wire.Hit ToHit(SearchOrder order, SearchAnswer asked, DocumentId id, int place, CollectionSchema schema)
    {
        SearchAnswer own = answers.First(static a => a.Result.Hits.Count > 0);
        Document? document = own.Documents.Count > 0 ? own.Documents[0] : null;
        Engine.HybridHit? fused = place > 0 ? asked.Fused?.Hits[place - 1] : null;
        // What no query ranks among its best the fusion gives nothing.
        float score = order.Request is Engine.HybridRequest ? (float)(fused?.Score ?? 0) : own.Result.Hits[0].Score;
        Wire.Hit hit = SearchReplies.Hit(order, schema, new Engine.Hit(id, score), document);
        int rank = place > 0 && asked.Result.Late is { } late ? late[place - 1].FirstRank : order.Late is null ? place : 0;
        for (int i = 0; i < answers.Count; i++)
        {
            if (answers[i].Result.Hits.Count == 0)
            {
                continue;
            }
            Engine.HybridHitPart? part = fused?.Parts[i];
            bool isOnly = order.Request is not Engine.HybridRequest;
            float found = answers[i].Result.Hits[0].Score;
            hit.Components.Add(HitComponents.Score(
                order.Components[i], found, isOnly ? rank : part?.Rank ?? 0, order.Late is not null ? 0 : isOnly ? found : (float)(part?.Contribution ?? 0)));
        }
        return hit;
    }
}
