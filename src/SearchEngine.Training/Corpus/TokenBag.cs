namespace SearchEngine.Training.Corpus;

/// <summary>A text as models see it.</summary>
/// <param name="Ids">Which pieces, ascending.</param>
/// <param name="Counts">How often each.</param>
/// <param name="Tokens">All of them in the text's order.</param>
internal sealed record TokenBag(int[] Ids, float[] Counts, int[] Tokens)
{
    public static readonly TokenBag Empty = new([], [], []);

    public static TokenBag Of(int[] tokens)
    {
        int[] sorted = [.. tokens];
        Array.Sort(sorted);
        var ids = new List<int>();
        var counts = new List<float>();
        foreach (var token in sorted)
        {
            if (ids.Count == 0 || ids[^1] != token)
            {
                ids.Add(token);
                counts.Add(0);
            }
            counts[^1]++;
        }
        return new TokenBag([.. ids], [.. counts], tokens);
    }
}
