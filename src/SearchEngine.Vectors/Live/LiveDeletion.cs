using SearchEngine.Vectors.Graph;

namespace SearchEngine.Vectors.Live;

/// <summary>
/// Heals a live graph around rows that died (in the manner of IP-DiskANN, arXiv 2502.13826): the rows near a dead one that
/// link to it get links to what it led to, and whoever lost his last link gets another.
/// </summary>
internal static class LiveDeletion
{
    /// <summary>Rows looked at around a dead one; most of those that link to it are among them.</summary>
    private const int RepairBreadth = 64;

    private const int RescueBreadth = 128;

    /// <summary>Repairs the neighbourhood of a row whose tombstone is set. Its own links stay: a search may stand on it.</summary>
    public static void Repair(LiveIndex index, LiveWorker worker, uint dead)
    {
        LiveLevel ground = index.Levels[0];
        Span<uint> links = stackalloc uint[64];
        // Under the lock: from now on no writer adds to the row or prunes it, so each of its links is taken back once.
        index.Locks.Enter(dead);
        int count = ground.Copy(dead, links);
        index.Locks.Exit(dead);
        links = links[..count];
        if (!index.HasEntry)
        {
            return;
        }
        RepairAround(index, worker, dead, links);
        foreach (uint link in links)
        {
            if (index.Inbound.Drop(link) <= 0 && !index.Dead.Contains(link))
            {
                Rescue(index, worker, link);
            }
        }
    }

    /// <summary>Links to a live row from the nearest live row that has room or can spare a link.</summary>
    public static bool Rescue(LiveIndex index, LiveWorker worker, uint lost)
    {
        worker.WalkTowards(lost, RescueBreadth);
        CandidatePool pool = worker.Scratch.Pool;
        Span<uint> near = stackalloc uint[RescueBreadth];
        int count = 0;
        for (int i = 0; i < pool.Count; i++)
        {
            uint ordinal = pool.OrdinalAt(i);
            if (ordinal != lost && !index.Dead.Contains(ordinal))
            {
                near[count++] = ordinal;
            }
        }
        return worker.Edges.Force(near[..count], lost);
    }

    private static void RepairAround(LiveIndex index, LiveWorker worker, uint dead, ReadOnlySpan<uint> links)
    {
        worker.WalkTowards(dead, RepairBreadth);
        CandidatePool pool = worker.Scratch.Pool;
        Span<uint> near = stackalloc uint[RepairBreadth + links.Length];
        int count = 0;
        for (int i = 0; i < pool.Count; i++)
        {
            near[count++] = pool.OrdinalAt(i);
        }
        foreach (uint link in links)
        {
            if (!near[..count].Contains(link))
            {
                near[count++] = link;
            }
        }
        Span<uint> row = stackalloc uint[64];
        foreach (uint ordinal in near[..count])
        {
            int degree = index.Levels[0].Copy(ordinal, row);
            if (row[..degree].Contains(dead))
            {
                worker.Edges.Repair(0, ordinal);
            }
        }
    }
}
