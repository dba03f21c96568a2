using System.Numerics;
using System.Runtime.CompilerServices;
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

    /// <summary>The longest link row.</summary>
    private const int MostLinks = 64;

    private const int BridgesAtOnce = 4;

    /// <summary>Link rows of bridges in flight.</summary>
    private const int BridgesAhead = 12;

    /// <summary>Accepted rows spread over the segment that are scored before the walk: they save it when query and
    /// filter point to different corners.</summary>
    private const int Seeds = 16;

    /// <param name="entry">Where the descent ended, accepted or not.</param>
    /// <param name="accept">One bit per ordinal.</param>
    /// <param name="policy">Asked about accepted rows only; the pool holds no others.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
            while (queue.Count < ahead)
            {
                // Bridges wait while their link rows are on the way, so candidates are opened ahead of need.
                if (more && bridges.Count < BridgesAhead)
                {
                    more = policy.MayExpand(pool, scored, hops)
                        && GraphSearcher.TryFindWorthwhile(pool, stop, ref policy, ref bound);
                    if (more)
                    {
                        Open(scorer, links, scratch, pool.TakeNext(), accept);
                        hops++;
                        continue;
                    }
                }
                if (bridges.Count == 0)
                {
                    break;
                }
                Cross(scorer, links, scratch, accept);
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

    /// <summary>Share of the rows within two links of <paramref name="center"/> that are accepted.</summary>
    public static double LocalShare(in LinkTable links, uint center, AcceptBits accept)
    {
        int seen = 0, accepted = 0;
        Span<uint> taken = stackalloc uint[MostLinks + 8], others = stackalloc uint[MostLinks + 8];
        foreach (uint near in links.Links(center))
        {
            if (near < (uint)links.Count)
            {
                int found = accept.Split(links.Row(near), (uint)links.Count, taken, others, out int rejected);
                accepted += found;
                seen += found + rejected;
            }
        }
        return seen > 0 ? (double)accepted / seen : 0;
    }

    // Accepted neighbours wait for their score. As many of the others become bridges as it takes to find about a row of
    // accepted ones, when each bridge leads to as many as there are here.
    private static void Open<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, uint ordinal, AcceptBits accept)
        where TScorer : struct, IRowScorer
    {
        Span<uint> taken = stackalloc uint[MostLinks + 8], others = stackalloc uint[MostLinks + 8];
        int direct = accept.Split(links.Row(ordinal), (uint)links.Count, taken, others, out int rejected);
        Take(scorer, scratch, taken[..direct]);
        int most = Math.Min(MaxBridges, (links.Width - direct) / Math.Max(1, direct));
        FlowQueue bridges = scratch.SecondQueue;
        int waiting = bridges.Count;
        bridges.AppendUnvisited(others[..Math.Min(rejected, most)], scratch.Crossed);
        for (; waiting < bridges.Count; waiting++)
        {
            links.PrefetchRow(bridges.At(waiting));
        }
    }

    // Several bridges at once: how many accepted rows lie behind one is unpredictable, behind four less so.
    private static void Cross<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, AcceptBits accept)
        where TScorer : struct, IRowScorer
    {
        Span<uint> taken = stackalloc uint[BridgesAtOnce * MostLinks + 8];
        FlowQueue bridges = scratch.SecondQueue;
        int count = Math.Min(BridgesAtOnce, bridges.Count), accepted = 0;
        for (int i = 0; i < count; i++)
        {
            accepted += accept.Select(links.Row(bridges.TakeOne()), (uint)links.Count, taken[accepted..]);
        }
        Take(scorer, scratch, taken[..accepted]);
    }

    private static void Take<TScorer>(in TScorer scorer, WalkScratch scratch, ReadOnlySpan<uint> ordinals)
        where TScorer : struct, IRowScorer
    {
        FlowQueue queue = scratch.Queue;
        int waiting = queue.Count;
        queue.AppendUnvisited(ordinals, scratch.Visited);
        for (; waiting < queue.Count; waiting++)
        {
            scorer.Prefetch(queue.At(waiting));
        }
    }

    private static void Start<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, uint entry, AcceptBits accept)
        where TScorer : struct, IRowScorer
    {
        if (accept.Contains(entry))
        {
            Take(scorer, scratch, [entry]);
        }
        else
        {
            scratch.Crossed.Add(entry);
            Open(scorer, links, scratch, entry, accept);
        }
        ReadOnlySpan<ulong> words = accept.Words;
        Span<uint> seeds = stackalloc uint[2 * Seeds];
        int count = 0, step = Math.Max(1, words.Length / Seeds);
        for (int word = 0; word < words.Length && count < seeds.Length; word += step)
        {
            if (words[word] != 0)
            {
                seeds[count++] = (uint)(word * 64 + BitOperations.TrailingZeroCount(words[word]));
            }
        }
        Take(scorer, scratch, seeds[..count]);
    }
}
