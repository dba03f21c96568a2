using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>Draws the level of every row (HNSW: floor(-ln(u) / ln(M))) and puts rows in insertion order: highest level
/// first, random within a level, so that the input's order does not shape the graph.</summary>
internal static class InsertionOrder
{
    private const int MaxLevel = 12;

    /// <param name="firstOf">For every row the earliest equal row, itself when there is none.</param>
    public static Result Compute(ReadOnlySpan<uint> firstOf, int maxLinks, ulong seed)
    {
        int count = firstOf.Length, duplicates = 0;
        var keys = new UInt128[count];
        var order = new uint[count];
        var sizes = new int[MaxLevel + 1];
        double scale = 1 / Math.Log(maxLinks);
        for (int i = 0; i < count; i++)
        {
            ulong draw = SplitMix.Mix(SplitMix.Mix(seed) ^ ((ulong)i * 0xD1342543DE82EF95));
            double u = ((draw >> 11) + 1) * (1.0 / (1ul << 53));
            bool duplicate = firstOf[i] != i;
            duplicates += duplicate ? 1 : 0;
            int level = duplicate ? 0 : Math.Min(MaxLevel, (int)(-Math.Log(u) * scale));
            for (int l = 1; l <= level; l++)
            {
                sizes[l - 1]++;
            }
            // Duplicates come last, grouped by their first row.
            ulong group = duplicate ? MaxLevel + 1ul : (ulong)(MaxLevel - level);
            keys[i] = new UInt128(group, duplicate ? firstOf[i] : SplitMix.Mix(draw));
            order[i] = (uint)i;
        }
        Array.Sort(keys, order);
        return new Result(order, [.. sizes.TakeWhile(s => s > 0)], count - duplicates, Rename(order, firstOf));
    }

    private static uint[] Rename(uint[] order, ReadOnlySpan<uint> firstOf)
    {
        var place = new uint[order.Length];
        for (uint i = 0; i < order.Length; i++)
        {
            place[order[i]] = i;
        }
        var renamed = new uint[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            renamed[i] = place[firstOf[(int)order[i]]];
        }
        return renamed;
    }

    /// <param name="Order">Row numbers in insertion order.</param>
    /// <param name="LevelCounts">Sizes of level 1, level 2, ...</param>
    /// <param name="Unique">Rows before the duplicates.</param>
    /// <param name="FirstOf">For every row, both in insertion order, the earliest equal row.</param>
    public sealed record Result(uint[] Order, int[] LevelCounts, int Unique, uint[] FirstOf);
}
