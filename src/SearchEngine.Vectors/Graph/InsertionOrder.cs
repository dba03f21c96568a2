using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>Draws the level of every row (HNSW: floor(-ln(u) / ln(M))) and puts rows in insertion order: highest level
/// first, random within a level, so that the input's order does not shape the graph.</summary>
internal static class InsertionOrder
{
    private const int MaxLevel = 12;

    /// <returns>Row numbers in insertion order, and the sizes of level 1, level 2, ...</returns>
    public static (uint[] Order, int[] LevelCounts) Compute(int count, int maxLinks, ulong seed)
    {
        var keys = new ulong[count];
        var order = new uint[count];
        var sizes = new int[MaxLevel + 1];
        double scale = 1 / Math.Log(maxLinks);
        for (int i = 0; i < count; i++)
        {
            ulong draw = SplitMix.Mix(SplitMix.Mix(seed) ^ ((ulong)i * 0xD1342543DE82EF95));
            double u = ((draw >> 11) + 1) * (1.0 / (1ul << 53));
            int level = Math.Min(MaxLevel, (int)(-Math.Log(u) * scale));
            for (int l = 1; l <= level; l++)
            {
                sizes[l - 1]++;
            }
            keys[i] = ((ulong)(MaxLevel - level) << 56) | (SplitMix.Mix(draw) >> 8);
            order[i] = (uint)i;
        }
        Array.Sort(keys, order);
        return (order, [.. sizes.TakeWhile(s => s > 0)]);
    }
}
