namespace SearchEngine.Vectors.Live;

/// <summary>What a sweep over a live graph found and did.</summary>
/// <param name="Repaired">Link rows that still named dead rows.</param>
/// <param name="Unreachable">Live rows that no path from the entry point led to.</param>
/// <param name="Rescued">How many of those are linked now.</param>
public readonly record struct SweepReport(int Repaired, int Unreachable, int Rescued);

/// <summary>
/// Goes over the whole live graph beside its writers: takes out the last links to dead rows on every level, gives the
/// entry to a live row, links what cannot be reached.
/// </summary>
internal static class LiveSweep
{
    /// <summary>A rescue may push out a link that was the only way to somewhere else.</summary>
    private const int MaxRounds = 4;

    public static SweepReport Run(LiveIndex index, LiveWorker worker, CancellationToken cancel)
    {
        if (!index.HasEntry)
        {
            return default;
        }
        int rows = index.LinkedBelow, repaired = 0;
        MoveEntry(index, rows);
        if (!index.HasEntry)
        {
            return default;
        }
        for (uint ordinal = 0; ordinal < rows; ordinal++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int level = index.LevelOf(ordinal); level >= 0 && !index.Dead.Contains(ordinal); level--)
            {
                repaired += worker.Edges.Repair(level, ordinal) ? 1 : 0;
            }
        }
        var (unreachable, rescued) = RescueLost(index, worker, rows, cancel);
        return new SweepReport(repaired, unreachable, rescued);
    }

    /// <summary>Live linked rows that cannot be reached from the entry point on level 0.</summary>
    public static List<uint> FindUnreachable(LiveIndex index, int rows)
    {
        bool[] reached = Reach(index, index.Entry.Ordinal, new bool[index.Codes.Count]);
        var lost = new List<uint>();
        for (uint ordinal = 0; ordinal < rows; ordinal++)
        {
            if (!reached[ordinal] && !index.Dead.Contains(ordinal))
            {
                lost.Add(ordinal);
            }
        }
        return lost;
    }

    private static (int Unreachable, int Rescued) RescueLost(LiveIndex index, LiveWorker worker, int rows, CancellationToken cancel)
    {
        List<uint> lost = FindUnreachable(index, rows);
        int unreachable = lost.Count, rescued = 0;
        for (int round = 0; round < MaxRounds && lost.Count > 0; round++)
        {
            foreach (uint ordinal in lost)
            {
                cancel.ThrowIfCancellationRequested();
                rescued += LiveDeletion.Rescue(index, worker, ordinal) ? 1 : 0;
            }
            lost = FindUnreachable(index, rows);
        }
        return (unreachable, Math.Min(rescued, unreachable) - lost.Count);
    }

    private static void MoveEntry(LiveIndex index, int rows)
    {
        uint entry = index.Entry.Ordinal;
        if (!index.Dead.Contains(entry))
        {
            return;
        }
        uint? highest = null;
        for (uint ordinal = 0; ordinal < rows; ordinal++)
        {
            if (!index.Dead.Contains(ordinal) && (highest is not uint best || index.LevelOf(ordinal) > index.LevelOf(best)))
            {
                highest = ordinal;
            }
        }
        index.ReplaceEntry(entry, highest);
    }

    private static bool[] Reach(LiveIndex index, uint from, bool[] reached)
    {
        var waiting = new Stack<uint>();
        Span<uint> links = stackalloc uint[64];
        reached[from] = true;
        waiting.Push(from);
        while (waiting.TryPop(out uint row))
        {
            int count = index.Levels[0].Copy(row, links);
            foreach (uint link in links[..count])
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
