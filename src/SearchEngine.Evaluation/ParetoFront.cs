namespace SearchEngine.Evaluation;

/// <summary>Which of several trade-offs are worth considering.</summary>
public static class ParetoFront
{
    /// <summary>
    /// Marks the points that no other point beats: at least as good in everything and better in something. Of points that are equal
    /// in everything all are marked.
    /// </summary>
    /// <param name="points">Of each point its goods, greater being better; costs are given as minus.</param>
    public static bool[] Of(IReadOnlyList<double[]> points)
    {
        var front = new bool[points.Count];
        for (var i = 0; i < front.Length; i++)
            front[i] = !points.Any(other => Beats(other, points[i]));
        return front;
    }

    private static bool Beats(double[] left, double[] right)
    {
        var isBetter = false;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] < right[i])
                return false;
            isBetter |= left[i] > right[i];
        }
        return isBetter;
    }
}
