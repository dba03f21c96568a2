using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Chooses where walks may start: the row from which every search descends, and rows spread over the segment. A greedy descent
/// can end in the wrong one of several tight, well separated groups, and a narrow walk does not leave a group; one row of each group,
/// scored before the walk, finds the right one. Of 12 groups of 1,000 rows (M 8) the descent missed one: 34 of 400 queries had none
/// of their hits at breadth 20 (2026-11-26).
/// </summary>
internal static class EntryPoints
{
    /// <summary>Rows beside the first.</summary>
    public const int Spread = 16;

    /// <summary>The spread rows are of the highest level with as many rows, or of level 1: enough for each large group to have some.</summary>
    private const int LeastLevel = 256;

    /// <summary>Sets the draw apart from others of the same seed.</summary>
    private const ulong Stream = 0x656E747279;

    /// <summary>Row 0, then up to 16 rows chosen as k-means++ chooses its centres (Arthur and Vassilvitskii, 2007): by a probability that
    /// grows with the squared distance from those chosen before. The same rows and seed choose the same.</summary>
    /// <param name="space">The rows, highest level first.</param>
    /// <param name="levelCounts">Rows on level 1, level 2, ...; falling.</param>
    public static uint[] Choose(CodeSpace space, IReadOnlyList<int> levelCounts, ulong seed)
    {
        if (space.Count == 0)
        {
            return [];
        }
        var chosen = new List<uint>(1 + Spread) { 0 };
        if (levelCounts.Count == 0)
        {
            return [.. chosen];
        }
        using var reader = new CodeSpaceReader(space);
        var rows = new SpreadRows(reader, levelCounts.LastOrDefault(c => c >= LeastLevel, levelCounts[0]));
        var random = new SplitMix(SplitMix.Mix(seed) ^ Stream);
        rows.Approach(0);
        while (chosen.Count <= Spread && rows.TryDraw(ref random, out uint row))
        {
            chosen.Add(row);
            rows.Approach(row);
        }
        return [.. chosen];
    }

    /// <summary>The same rows by their places in a new order.</summary>
    /// <param name="order">For every new ordinal the old one.</param>
    public static uint[] Reorder(uint[] chosen, uint[] order) => [.. chosen.Select(row => (uint)Array.IndexOf(order, row))];
}
