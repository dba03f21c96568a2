namespace SearchEngine.Collections.Search.Diversity;

/// <summary>
/// Chooses one after the other: always the candidate with the greatest (1 - strength) * relevance - strength * similarity to the most similar one
/// that was chosen before. Of equals the one that stands first.
/// </summary>
internal static class MarginalRelevance
{
    /// <param name="relevance">Of the candidates, best first; on a scale that compares with similarities.</param>
    /// <param name="similarity">Of two candidates, by their places.</param>
    /// <param name="isWhole">False when it was cancelled: then the best of the rest fill up, in their order.</param>
    /// <returns>Places of the chosen, as many as wanted or all.</returns>
    public static List<int> Choose(
        float[] relevance, Func<int, int, float> similarity, int wanted, float strength, CancellationToken cancel, out bool isWhole)
    {
        var chosen = new List<int>(Math.Min(wanted, relevance.Length));
        // To the chosen; none is chosen yet, and all are alike in that.
        var nearest = new float[relevance.Length];
        var isLeft = new bool[relevance.Length];
        Array.Fill(isLeft, true);
        while (chosen.Count < wanted && chosen.Count < relevance.Length && !cancel.IsCancellationRequested)
        {
            int best = -1;
            float most = float.NegativeInfinity;
            for (int i = 0; i < relevance.Length; i++)
            {
                float worth = (1 - strength) * relevance[i] - strength * nearest[i];
                if (isLeft[i] && (best < 0 || worth > most))
                {
                    (best, most) = (i, worth);
                }
            }
            isLeft[best] = false;
            chosen.Add(best);
            for (int i = 0; i < relevance.Length; i++)
            {
                if (isLeft[i])
                {
                    float near = similarity(best, i);
                    nearest[i] = chosen.Count == 1 ? near : Math.Max(nearest[i], near);
                }
            }
        }
        isWhole = chosen.Count == Math.Min(wanted, relevance.Length);
        for (int i = 0; i < relevance.Length && chosen.Count < wanted; i++)
        {
            if (isLeft[i])
            {
                chosen.Add(i);
            }
        }
        return chosen;
    }
}
