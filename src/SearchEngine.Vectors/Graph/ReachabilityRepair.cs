namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Makes every row of level 0 reachable from the entry point. Choosing links drops the last link to a row now and then;
/// such a row would never be found. Each gets a link from the nearest reachable row that has room, or that can spare its
/// farthest.
/// </summary>
internal static class ReachabilityRepair
{
    /// <summary>A removed link can cut off another row; more rounds than this would mean that links run in circles.</summary>
    private const int MaxRounds = 8;

    /// <param name="findNearest">Fills candidates near a row, nearest first, by walking the graph; returns how many.</param>
    /// <returns>How many rows had to be linked.</returns>
    public static int Run(BuildLevel ground, uint entry, Func<uint, Neighbour[], int> findNearest)
    {
        var candidates = new Neighbour[64];
        int repaired = 0;
        for (int round = 0; round < MaxRounds; round++)
        {
            bool[] reached = Reach(ground, entry, new bool[ground.Count]);
            int before = repaired;
            for (uint row = 0; row < reached.Length; row++)
            {
                if (reached[row])
                {
                    continue;
                }
                int count = findNearest(row, candidates);
                Link(ground, row, candidates.AsSpan(0, count), reached);
                Reach(ground, row, reached);
                repaired++;
            }
            if (repaired == before)
            {
                return repaired;
            }
        }
        return repaired;
    }

    private static void Link(BuildLevel ground, uint row, ReadOnlySpan<Neighbour> candidates, bool[] reached)
    {
        foreach (Neighbour candidate in candidates)
        {
            if (reached[candidate.Ordinal] && candidate.Ordinal != row && ground.Degree(candidate.Ordinal) < ground.Width)
            {
                ground.Append(candidate.Ordinal, new Neighbour(row, candidate.Distance));
                return;
            }
        }
        foreach (Neighbour candidate in candidates)
        {
            if (reached[candidate.Ordinal] && candidate.Ordinal != row)
            {
                ground.RemoveFarthest(candidate.Ordinal);
                ground.Append(candidate.Ordinal, new Neighbour(row, candidate.Distance));
                return;
            }
        }
    }

    private static bool[] Reach(BuildLevel ground, uint from, bool[] reached)
    {
        var waiting = new Stack<uint>();
        reached[from] = true;
        waiting.Push(from);
        while (waiting.TryPop(out uint row))
        {
            foreach (uint link in ground.Links(row))
            {
                if (!reached[link])
                {
                    reached[link] = true;
                    waiting.Push(link);
                }
            }
        }
        return reached;
    }
}
