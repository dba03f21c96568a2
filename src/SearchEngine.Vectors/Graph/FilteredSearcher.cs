using System.Numerics;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The walk over the rows that a filter accepts. A neighbour that is not accepted is a bridge: it is never scored, but
/// its own accepted neighbours are (two-hop expansion, ACORN-1, arXiv 2403.04871), so the walk does not fall apart where
/// the filter is thin. Bounded work per expansion; below about 5 % accepted the planner scans instead.
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
        in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop, uint entry, ReadOnlySpan<ulong> accept,
        ref TPolicy policy)
        where TScorer : struct, IRowScorer
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        CandidatePool pool = scratch.Pool;
        FlowQueue queue = scratch.Queue, bridges = scratch.SecondQueue;
        ScoreGroup scores = queue.Scores;
        Start(scorer, links, scratch, entry, accept);
        int bound = int.MinValue, scored = 0, hops = 0;
        bool more = true;
        while (true)
        {
            while (queue.Count < scorer.Ahead && (bridges.Count > 0 || more))
            {
                if (bridges.Count > 0)
                {
                    Cross(scorer, links, scratch, bridges.TakeOne(), accept);
                    continue;
                }
                more = policy.MayExpand(pool, scored, hops)
                    && TryExpand(scorer, links, scratch, stop, ref policy, ref bound, accept);
                hops += more ? 1 : 0;
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

    /// <summary>Scores every accepted row; the best go to the pool.</summary>
    public static void Scan<TScorer>(in TScorer scorer, WalkScratch scratch, ReadOnlySpan<ulong> accept, int most)
        where TScorer : struct, IRowScorer
    {
        CandidatePool best = scratch.Best;
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        best.Reset(most, most);
        queue.Clear();
        int bound = int.MinValue, scored = 0, word = 0;
        ulong bits = accept.IsEmpty ? 0 : accept[0];
        while (true)
        {
            while (queue.Count < scorer.Ahead && word < accept.Length)
            {
                if (bits == 0)
                {
                    bits = ++word < accept.Length ? accept[word] : 0;
                    continue;
                }
                uint ordinal = (uint)(word * 64 + BitOperations.TrailingZeroCount(bits));
                bits &= bits - 1;
                scorer.Prefetch(ordinal);
                queue.Append(ordinal);
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
                if (!best.IsFull || scores[i] > bound)
                {
                    best.Offer(scores[i], four[i]);
                    bound = best.WorstScore;
                }
            }
        }
        scratch.Counts.Add(scored, 0);
    }

    /// <summary>Share of the candidates of a pool that are accepted.</summary>
    public static double AcceptedShare(CandidatePool pool, ReadOnlySpan<ulong> accept)
    {
        int accepted = 0;
        for (int i = 0; i < pool.Count; i++)
        {
            accepted += IsAccepted(accept, pool.OrdinalAt(i)) ? 1 : 0;
        }
        return pool.Count > 0 ? (double)accepted / pool.Count : 0;
    }

    /// <summary>Share of the rows within two links of <paramref name="center"/> that are accepted.</summary>
    public static double LocalShare(in LinkTable links, uint center, ReadOnlySpan<ulong> accept)
    {
        int seen = 0, accepted = 0;
        foreach (uint near in links.Links(center))
        {
            foreach (uint link in near < (uint)links.Count ? links.Links(near) : default)
            {
                if (link < (uint)links.Count)
                {
                    seen++;
                    accepted += IsAccepted(accept, link) ? 1 : 0;
                }
            }
        }
        return seen > 0 ? (double)accepted / seen : 0;
    }

    private static bool TryExpand<TScorer, TPolicy>(
        in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop, ref TPolicy policy, ref int bound,
        ReadOnlySpan<ulong> accept)
        where TScorer : struct, IRowScorer
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        if (!GraphSearcher.TryFindWorthwhile(scratch.Pool, stop, ref policy, ref bound))
        {
            return false;
        }
        Open(scorer, links, scratch, scratch.Pool.TakeNext(), accept);
        return true;
    }

    // Accepted neighbours wait for their score, the others become bridges.
    private static void Open<TScorer>(
        in TScorer scorer, in LinkTable links, WalkScratch scratch, uint ordinal, ReadOnlySpan<ulong> accept)
        where TScorer : struct, IRowScorer
    {
        int budget = MaxBridges;
        foreach (uint link in links.Row(ordinal))
        {
            if (link >= (uint)links.Count)
            {
                continue;
            }
            if (IsAccepted(accept, link))
            {
                Take(scorer, scratch, link);
            }
            else if (budget > 0 && scratch.Crossed.Add(link))
            {
                budget--;
                links.PrefetchRow(link);
                scratch.SecondQueue.Append(link);
            }
        }
    }

    private static void Cross<TScorer>(
        in TScorer scorer, in LinkTable links, WalkScratch scratch, uint bridge, ReadOnlySpan<ulong> accept)
        where TScorer : struct, IRowScorer
    {
        foreach (uint link in links.Row(bridge))
        {
            if (link < (uint)links.Count && IsAccepted(accept, link))
            {
                Take(scorer, scratch, link);
            }
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

    private static void Start<TScorer>(
        in TScorer scorer, in LinkTable links, WalkScratch scratch, uint entry, ReadOnlySpan<ulong> accept)
        where TScorer : struct, IRowScorer
    {
        if (IsAccepted(accept, entry))
        {
            Take(scorer, scratch, entry);
        }
        else
        {
            scratch.Crossed.Add(entry);
            Open(scorer, links, scratch, entry, accept);
        }
        int step = Math.Max(1, accept.Length / Seeds);
        for (int word = 0; word < accept.Length; word += step)
        {
            if (accept[word] != 0)
            {
                Take(scorer, scratch, (uint)(word * 64 + BitOperations.TrailingZeroCount(accept[word])));
            }
        }
    }

    private static bool IsAccepted(ReadOnlySpan<ulong> accept, uint ordinal) =>
        ((accept[(int)(ordinal >> 6)] >> (int)(ordinal & 63)) & 1) != 0;
}
