using SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>What each query of a search made of a hit; queries that do not have it among their best say nothing.</summary>
internal static class HitComponents
{
    /// <param name="position">Among the hits of the answer, from 0.</param>
    public static IEnumerable<Wire.ComponentScore> Of(SearchOrder order, SearchAnswer answer, int position)
    {
        LateScore? late = answer.Result.Late?[position];
        if (late is { IsScored: true })
        {
            float final = answer.Result.Hits[position].Score;
            yield return Score(order.Late!, final, RankOf(order, answer, position), final);
        }
        if (answer.Fused is null && late is { } stages)
        {
            // What orders hits is the second stage; where it did not score one, the first does.
            yield return Score(order.Components[0], stages.FirstScore, stages.FirstRank, stages.IsScored ? 0 : stages.FirstScore);
            yield break;
        }
        if (answer.Fused is not { } fused)
        {
            float score = answer.Result.Hits[position].Score;
            yield return Score(order.Components[0], score, RankOf(order, answer, position), score);
            yield break;
        }
        for (int i = 0; i < order.Components.Count; i++)
        {
            if (fused.Hits[position].Parts[i] is { } part)
            {
                yield return Score(order.Components[i], part.Score, part.Rank, late is { IsScored: true } ? 0 : (float)part.Contribution);
            }
        }
    }

    // Where values were left out of a round, what a hit's rank is among all was not found out.
    private static int RankOf(SearchOrder order, SearchAnswer answer, int position) =>
        answer.Groups is not null ? 0 : answer.Ranks?[position] ?? order.Request.Offset + position + 1;

    public static Wire.ComponentScore Score(SearchComponent component, float score, int rank, float contribution) => new()
    {
        Name = component.Name,
        Score = score,
        Rank = (uint)rank,
        Contribution = contribution,
        ScoreKind = component.ScoreKind,
    };
}
