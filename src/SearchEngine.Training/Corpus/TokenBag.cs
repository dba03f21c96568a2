namespace SearchEngine.Training.Corpus;

/// <summary>A text as the encoder sees it: which pieces, ascending, and how often each.</summary>
internal sealed record TokenBag(int[] Ids, float[] Counts)
{
    public static readonly TokenBag Empty = new([], []);

    /// <param name="tokens">Pieces in any order; the array is sorted in place.</param>
    public static TokenBag Of(int[] tokens)
    {
        Array.Sort(tokens);
        var ids = new List<int>();
        var counts = new List<float>();
        foreach (var token in tokens)
        {
            if (ids.Count == 0 || ids[^1] != token)
            {
                ids.Add(token);
                counts.Add(0);
            }
            counts[^1]++;
        }
        return new TokenBag([.. ids], [.. counts]);
    }
}
