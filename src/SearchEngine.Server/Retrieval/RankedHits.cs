using SearchEngine.Collections.Search;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Retrieval;

/// <summary>
/// The hits of the first stage in the order of both: reranked ones by their new score, then the rest as the first stage had them.
/// </summary>
internal sealed class RankedHits(SearchOrder search, SearchAnswer answer, RetrieveOrder order)
{
    private const string SecondStage = "rerank";

    private readonly IReadOnlyList<Hit> _found = answer.Result.Hits;

    /// <summary>As the first stage found them.</summary>
    public IReadOnlyList<Wire.Hit> Found() => [.. _found.Take(order.Hits).Select(static hit => Bare(hit.Id, hit.Score))];

    /// <summary>Ids and scores in the order so far.</summary>
    /// <param name="ranked">Candidates, the best first; the scored ones lead.</param>
    /// <param name="scoreOf">Null where one was not scored.</param>
    public IReadOnlyList<Wire.Hit> Ranked(IReadOnlyList<int> ranked, Func<int, float?> scoreOf) =>
        [.. Arranged(ranked, scoreOf).Take(order.Hits).Select(i => Of(i, scoreOf(i)))];

    /// <summary>With the score and rank of both stages.</summary>
    public IReadOnlyList<Wire.Hit> WithComponents(IReadOnlyList<int> ranked, Func<int, float?> scoreOf)
    {
        int[] arranged = [.. Arranged(ranked, scoreOf).Take(order.Hits)];
        var hits = new List<Wire.Hit>(arranged.Length);
        for (int place = 0; place < arranged.Length; place++)
        {
            int index = arranged[place];
            float? score = scoreOf(index);
            Wire.Hit hit = Of(index, score);
            foreach (Wire.ComponentScore first in HitComponents.Of(search, answer, index))
            {
                // Of the score of a reranked hit the first stage makes nothing.
                first.Contribution = score is null ? first.Contribution : 0;
                hit.Components.Add(first);
            }
            if (score is { } reranked)
            {
                hit.Components.Add(new Wire.ComponentScore
                {
                    Name = SecondStage,
                    Score = reranked,
                    Rank = (uint)place + 1,
                    Contribution = reranked,
                    ScoreKind = order.Rerank.ScoreKind,
                });
            }
            hits.Add(hit);
        }
        return hits;
    }

    private static IEnumerable<int> Arranged(IReadOnlyList<int> ranked, Func<int, float?> scoreOf) =>
        [.. ranked.Where(i => scoreOf(i) is not null), .. ranked.Where(i => scoreOf(i) is null).Order()];

    // Where some hits are reranked, the others say that their score is of another kind.
    private Wire.Hit Of(int index, float? score)
    {
        Wire.Hit hit = Bare(_found[index].Id, score ?? _found[index].Score);
        hit.ScoreKind = score is null ? search.ScoreKind : default;
        return hit;
    }

    private static Wire.Hit Bare(SearchEngine.Collections.Documents.DocumentId id, float score) => new() { Id = IdMap.Write(id), Score = score };
}
