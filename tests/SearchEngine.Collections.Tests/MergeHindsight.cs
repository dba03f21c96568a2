using SearchEngine.Collections.Core;

namespace SearchEngine.Collections.Tests;

/// <summary>The least that could have been paid for flushes with searches between them, by trying every way to merge after every flush.</summary>
internal sealed class MergeHindsight(int flushRows, int most)
{
    /// <param name="searches">After each flush.</param>
    public double Cost(IReadOnlyList<long> searches)
    {
        var costs = new Dictionary<string, (int[] Sizes, double Cost)> { [""] = ([], 0) };
        foreach (long count in searches)
        {
            var next = new Dictionary<string, (int[] Sizes, double Cost)>();
            foreach ((int[] sizes, double cost) in costs.Values)
            {
                foreach ((int[] merged, double price) in Merged([.. sizes, flushRows]))
                {
                    double rent = count * (merged.Sum(OfWalk) - merged.Max(OfWalk));
                    string key = string.Join(',', merged);
                    if (merged.Length <= most && (!next.TryGetValue(key, out (int[] Sizes, double Cost) known) || cost + price + rent < known.Cost))
                    {
                        next[key] = (merged, cost + price + rent);
                    }
                }
            }
            costs = next;
        }
        return costs.Values.Min(static c => c.Cost);
    }

    // What can come of segments by one merge after another, and what that costs at least.
    private static IEnumerable<(int[] Sizes, double Price)> Merged(int[] sizes)
    {
        var found = new Dictionary<string, (int[] Sizes, double Price)>();
        var open = new Queue<(int[] Sizes, double Price)>([(Sorted(sizes), 0)]);
        while (open.TryDequeue(out (int[] Sizes, double Price) state))
        {
            string key = string.Join(',', state.Sizes);
            if (found.TryGetValue(key, out (int[] Sizes, double Price) known) && known.Price <= state.Price)
            {
                continue;
            }
            found[key] = state;
            for (int mask = 3; mask < 1 << state.Sizes.Length; mask++)
            {
                if (System.Numerics.BitOperations.PopCount((uint)mask) > 1)
                {
                    int[] chosen = [.. state.Sizes.Where((_, i) => (mask >> i & 1) != 0)];
                    int[] rest = [.. state.Sizes.Where((_, i) => (mask >> i & 1) == 0)];
                    double price = MergeSimulation.Price(chosen.Max(), chosen.Sum() - chosen.Max());
                    open.Enqueue((Sorted([.. rest, chosen.Sum()]), state.Price + price));
                }
            }
        }
        return found.Values;
    }

    private static int[] Sorted(int[] sizes)
    {
        Array.Sort(sizes);
        return sizes;
    }

    private static double OfWalk(int rows) => MergePrice.OfWalk(new SegmentSize(rows, 0));
}
