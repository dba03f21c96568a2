using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>Asks a live graph for rows it holds: a row that is not found by its own code is lost to searches near it.</summary>
internal static class LiveProbe
{
    public static double Run(LiveIndex index, LiveWorker worker, int sample, int breadth, ulong seed)
    {
        int rows = index.LinkedBelow, asked = 0, found = 0;
        var random = new SplitMix(seed);
        for (int i = 0; i < sample && rows > 0 && index.HasEntry; i++)
        {
            uint ordinal = (uint)random.Next(rows);
            if (index.Dead.Contains(ordinal))
            {
                continue;
            }
            worker.WalkTowards(ordinal, breadth);
            asked++;
            found += Holds(index, worker.Scratch.Pool, ordinal) ? 1 : 0;
        }
        return asked == 0 ? 1 : (double)found / asked;
    }

    // An equal row in its place is no loss.
    private static bool Holds(LiveIndex index, CandidatePool pool, uint ordinal)
    {
        for (int i = 0; i < pool.Count; i++)
        {
            if (pool.OrdinalAt(i) == ordinal || index.AreTwins(pool.OrdinalAt(i), ordinal))
            {
                return true;
            }
        }
        return false;
    }
}
