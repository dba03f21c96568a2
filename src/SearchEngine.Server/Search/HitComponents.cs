namespace SearchEngine.Server.Search;

/// <summary>What each query of a search made of a hit; queries that do not have it among their best say nothing.</summary>
internal static class HitComponents
{
    /// <param name="position">Among the hits of the answer, from 0.</param>
    public static IEnumerable<Wire.ComponentScore> Of(SearchOrder order, SearchAnswer answer, int position)
    {
        if (answer.Fused is not { } fused)
        {
            float score = answer.Result.Hits[position].Score;
            yield return Score(order.Components[0], score, order.Request.Offset + position + 1, score);
            yield break;
        }
        for (int i = 0; i < order.Components.Count; i++)
        {
            if (fused.Hits[position].Parts[i] is { } part)
            {
                yield return Score(order.Components[i], part.Score, part.Rank, (float)part.Contribution);
            }
        }
    }

    public static Wire.ComponentScore Score(SearchComponent component, float score, int rank, float contribution) => new()
    {
        Name = component.Name,
        Score = score,
        Rank = (uint)rank,
        Contribution = contribution,
        ScoreKind = component.ScoreKind,
    };
}
