using System.Numerics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The walk over the rows that a filter accepts. A neighbour that is not accepted is a bridge: it is never scored, but
/// its own accepted neighbours are (two-hop expansion, ACORN-1, arXiv 2403.04871), so the walk does not fall apart where
/// the filter is thin. Bounded work per expansion; where few rows are accepted the planner scans instead.
/// </summary>
internal static class FilteredSearcher
{
    /// <summary>Bridges crossed per expansion.</summary>
    private const int MaxBridges = 16;

    /// <summary>Accepted rows spread over the segment that are scored before the walk: they save it when query and
    /// filter point to different corners.</summary>
    private const int Seeds = 16;

    /// <param name="entry">Where the descent ended, accepted or not.</param>
    /// <param name="accept">One bit per ordinal.</param>
    /// <param name="policy">Asked about accepted rows only; the pool holds no others.</param>
    public static void Walk<TScorer, TPolicy>(
        in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop, uint entry, AcceptBits accept, ref TPolicy policy)
        where TScorer : struct, IRowScorer
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        CandidatePool pool = scratch.Pool;
        FlowQueue queue = scratch.Queue, bridges = scratch.SecondQueue;
        ScoreGroup scores = queue.Scores;
        Start(scorer, links, scratch, entry, accept);
        int bound = int.MinValue, scored = 0, hops = 0, ahead = scorer.Ahead;
        bool more = true;
        while (true)
        {
            while (queue.Count < ahead && (bridges.Count > 0 || more))
            {
                if (bridges.Count > 0)
                {
                    Cross(scorer, links, scratch, bridges.TakeOne(), accept);
                    continue;
                }
                more = policy.MayExpand(pool, scored, hops)
                    && GraphSearcher.TryFindWorthwhile(pool, stop, ref policy, ref bound);
                if (more)
                {
                    Open(scorer, links, scratch, pool.TakeNext(), accept);
                    hops++;
                }
            }
            if (queue.Count == 0)
            {
                break;
            }
            RowGroup four = queue.TakeFour(out int taken);
            scorer.Score(four, scores);
            scored += taken;
            for (int i = 0; i < taken; i++)
            {
                if (scores[i] > bound)
                {
                    bound = GraphSearcher.Keep(pool, links, ref policy, scores[i], four[i], bound);
                    more = true;
                }
            }
        }
        scratch.Counts.Add(scored, hops);
    }

    /// <summary>Share of the candidates of a pool that are accepted.</summary>
    public static double AcceptedShare(CandidatePool pool, AcceptBits accept)
    {
        int accepted = 0;
        for (int i = 0; i < pool.Count; i++)
        {
            accepted += accept.Contains(pool.OrdinalAt(i)) ? 1 : 0;
        }
        return pool.Count > 0 ? (double)accepted / pool.Count : 0;
    }

    /// <summary>Share of the rows within two links of <paramref name="center"/> that are accepted.</summary>
    public static double LocalShare(in LinkTable links, uint center, AcceptBits accept)
    {
        int seen = 0, accepted = 0;
        foreach (uint near in links.Links(center))
        {
            if (near < (uint)links.Count)
            {
                accepted += BitOperations.PopCount(accept.Accepted(links.Row(near), (uint)links.Count, out ulong rows));
                seen += BitOperations.PopCount(rows);
            }
        }
        return seen > 0 ? (double)accepted / seen : 0;
    }

    // Accepted neighbours wait for their score. As many of the others become bridges as it takes to find about a row of
    // accepted ones, when each bridge leads to as many as there are here.
    private static void Open<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, uint ordinal, AcceptBits accept)
        where TScorer : struct, IRowScorer
    {
        ReadOnlySpan<uint> row = links.Row(ordinal);
        ulong accepted = accept.Accepted(row, (uint)links.Count, out ulong rows), others = rows & ~accepted;
        int direct = BitOperations.PopCount(accepted);
        Take(scorer, scratch, row, accepted);
        int budget = Math.Min(MaxBridges, (links.Width - direct) / Math.Max(1, direct));
        for (; others != 0 && budget > 0; others &= others - 1)
        {
            uint bridge = row[BitOperations.TrailingZeroCount(others)];
            if (scratch.Crossed.Add(bridge))
            {
                budget--;
                links.PrefetchRow(bridge);
                scratch.SecondQueue.Append(bridge);
            }
        }
    }

    private static void Cross<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, uint bridge, AcceptBits accept)
        where TScorer : struct, IRowScorer
    {
        ReadOnlySpan<uint> row = links.Row(bridge);
        Take(scorer, scratch, row, accept.Accepted(row, (uint)links.Count, out _));
    }

    private static void Take<TScorer>(in TScorer scorer, WalkScratch scratch, ReadOnlySpan<uint> row, ulong wanted)
        where TScorer : struct, IRowScorer
    {
        for (; wanted != 0; wanted &= wanted - 1)
        {
            Take(scorer, scratch, row[BitOperations.TrailingZeroCount(wanted)]);
        }
    }

    private static void Take<TScorer>(in TScorer scorer, WalkScratch scratch, uint ordinal)
        where TScorer : struct, IRowScorer
    {
        if (scratch.Visited.Add(ordinal))
        {
            scorer.Prefetch(ordinal);
            scratch.Queue.Append(ordinal);
        }
    }

    private static void Start<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, uint entry, AcceptBits accept)
        where TScorer : struct, IRowScorer
    {
        if (accept.Contains(entry))
        {
            Take(scorer, scratch, entry);
        }
        else
        {
            scratch.Crossed.Add(entry);
            Open(scorer, links, scratch, entry, accept);
        }
        ReadOnlySpan<ulong> words = accept.Words;
        int step = Math.Max(1, words.Length / Seeds);
        for (int word = 0; word < words.Length; word += step)
        {
            if (words[word] != 0)
            {
                Take(scorer, scratch, (uint)(word * 64 + BitOperations.TrailingZeroCount(words[word])));
            }
        }
    }
}
