using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The walk: HNSW's search of a layer (Malkov and Yashunin, algorithm 2) as a flow. Candidates are expanded ahead of
/// scoring, their unvisited neighbours wait in a queue while their rows are fetched, and rows are scored four at a time
/// from its other end, so that memory never idles between two expansions. Which rows are expanded differs a little from
/// the textbook order, recall at equal breadth does not; the result depends on the query alone, never on timing.
/// Knows ordinals and scores, nothing else.
/// </summary>
/// <remarks>
/// The loops are compiled fully optimised at once: arranged by the runtime's profile of the first calls, the walk over 128-byte rows took
/// 240 us instead of 113 (2026-11-26, breadth 300, one million rows).
/// </remarks>
internal static class GraphSearcher
{
    /// <summary>
    /// A candidate is chosen while this many rows more than needed still wait, so that its link row arrives meanwhile:
    /// expanded on demand, a walk waits at every link row, 5 to 18 % of a search (2026-11-26). 8 to 16 are alike.
    /// </summary>
    private const int Lead = 12;

    private const uint NoRow = uint.MaxValue;

    /// <summary>A candidate this close behind the cursor will be expanded soon: its link row is asked for at once.</summary>
    private const int RowsAhead = 16;

    /// <summary>
    /// Walks from the candidates already in the pool until the best unexpanded one cannot matter. The pool then holds
    /// what was found, best first.
    /// </summary>
    public static void Walk<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop)
        where TScorer : struct, IRowScorer
    {
        Explore(scorer, links, scratch, stop);
        scratch.Pool.Load(scratch.Frontier.Sort());
    }

    /// <summary>The walk; what it found stays in the frontier of the scratch, in no order.</summary>
    public static void Explore<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop)
        where TScorer : struct, IRowScorer => Explore(scorer, links, scratch, stop, default(NeverInterrupted));

    /// <summary>The same walk, which somebody may end early.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Explore<TScorer, TInterrupt>(
        in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop, TInterrupt interrupt)
        where TScorer : struct, IRowScorer
        where TInterrupt : struct, IWalkInterrupt
    {
        Frontier frontier = scratch.Frontier;
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        scratch.Pool.MoveTo(frontier, stop.Hits);
        int ahead = scorer.Ahead, requested = 0, scored = 0, hops = 0;
        uint next = NoRow;
        bool more = true;
        while (true)
        {
            while (queue.Count < ahead + Lead)
            {
                if (next != NoRow)
                {
                    if (queue.Count >= ahead)
                    {
                        break;
                    }
                    queue.AppendUnvisited(links, next, scratch.Visited);
                    next = NoRow;
                    hops++;
                    continue;
                }
                more = more && interrupt.MayGoOn(scored, hops) && IsWorthwhile(frontier, stop);
                if (!more)
                {
                    break;
                }
                next = frontier.TakeNext();
                links.PrefetchRow(next);
            }
            if (queue.Count == 0)
            {
                break;
            }
            for (int end = Math.Min(queue.Count, ahead); requested < end; requested++)
            {
                scorer.Prefetch(queue.At(requested));
            }
            RowGroup four = queue.TakeFour(out int taken);
            requested -= taken;
            scored += taken;
            scorer.Score(four, scores);
            for (int i = 0; i < taken; i++)
            {
                if (frontier.Offer(scores[i], four[i]))
                {
                    // One of the next to be expanded: without this early request a 1-bit walk is 14 % slower.
                    links.PrefetchRow(four[i]);
                    more = true;
                }
            }
        }
        if (TryGetThreshold(frontier, stop, out int threshold))
        {
            frontier.Drop(threshold);
        }
        frontier.Finish();
        scratch.Counts.Add(scored, hops);
    }

    /// <summary>The walk on a sorted pool, under a policy: what counts as a hit, and who may end it early. Expands the same rows
    /// but for equal scores at the end of a full pool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Walk<TScorer, TPolicy>(
        in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop, ref TPolicy policy)
        where TScorer : struct, IRowScorer
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        CandidatePool pool = scratch.Pool;
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        int ahead = scorer.Ahead, requested = 0, scored = 0, hops = 0, bound = int.MinValue;
        uint next = NoRow;
        bool more = true;
        while (true)
        {
            while (queue.Count < ahead + Lead)
            {
                if (next != NoRow)
                {
                    if (queue.Count >= ahead)
                    {
                        break;
                    }
                    queue.AppendUnvisited(links, next, scratch.Visited);
                    next = NoRow;
                    hops++;
                    continue;
                }
                more = more && policy.MayExpand(pool, scored, hops) && TryFindWorthwhile(pool, stop, ref policy, ref bound);
                if (!more)
                {
                    break;
                }
                next = pool.TakeNext();
                links.PrefetchRow(next);
            }
            if (queue.Count == 0)
            {
                break;
            }
            for (int end = Math.Min(queue.Count, ahead); requested < end; requested++)
            {
                scorer.Prefetch(queue.At(requested));
            }
            RowGroup four = queue.TakeFour(out int taken);
            requested -= taken;
            scored += taken;
            scorer.Score(four, scores);
            for (int i = 0; i < taken; i++)
            {
                if (scores[i] > bound)
                {
                    bound = Keep(pool, links, ref policy, scores[i], four[i], bound);
                    more = true;
                }
            }
            pool.Peek();
        }
        scratch.Counts.Add(scored, hops);
    }

    /// <summary>Greedy descent on one upper level: moves to the best neighbour until none is better.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Candidate<int> Descend<TScorer>(in TScorer scorer, in LinkTable links, Candidate<int> from, WalkScratch scratch)
        where TScorer : struct, IRowScorer
    {
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        Candidate<int> best = from;
        uint expanded = links.Padding;
        while (best.Ordinal != expanded)
        {
            expanded = best.Ordinal;
            queue.Clear();
            foreach (uint link in links.Links(expanded))
            {
                // Only a damaged row names what the level does not have; it must not become an address.
                if (link < (uint)links.Count)
                {
                    scorer.Prefetch(link);
                    queue.Append(link);
                }
            }
            while (queue.Count > 0)
            {
                RowGroup four = queue.TakeFour(out int taken);
                scorer.Score(four, scores);
                for (int i = 0; i < taken; i++)
                {
                    if (scores[i] > best.Score)
                    {
                        best = new Candidate<int>(four[i], scores[i]);
                    }
                }
            }
        }
        queue.Clear();
        return best;
    }

    public static Candidate<int> ScoreOne<TScorer>(in TScorer scorer, uint ordinal, WalkScratch scratch)
        where TScorer : struct, IRowScorer
    {
        FlowQueue queue = scratch.Queue;
        queue.Clear();
        queue.Append(ordinal);
        scorer.Score(queue.TakeFour(out _), queue.Scores);
        return new Candidate<int>(ordinal, queue.Scores[0]);
    }

    /// <summary>Ranks candidates by a finer scorer; the best go to the scratch's Best.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Refine<TScorer>(in TScorer scorer, ReadOnlySpan<long> candidates, WalkScratch scratch, int most)
        where TScorer : struct, IRowScorer
    {
        CandidatePool best = scratch.Best;
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        best.Reset(most, most);
        queue.Clear();
        int next = 0;
        long bound = long.MinValue;
        while (next < candidates.Length || queue.Count > 0)
        {
            while (next < candidates.Length && queue.Count < scorer.Ahead)
            {
                uint ordinal = Frontier.OrdinalOf(candidates[next++]);
                scorer.Prefetch(ordinal);
                queue.Append(ordinal);
            }
            RowGroup four = queue.TakeFour(out int taken);
            scorer.Score(four, scores);
            for (int i = 0; i < taken; i++)
            {
                if (Frontier.Pack(scores[i], four[i]) > bound)
                {
                    best.Offer(scores[i], four[i]);
                    bound = best.IsFull ? best.Entries[^1] : bound;
                }
            }
        }
        scratch.Counts.Add(candidates.Length, 0);
    }

    /// <summary>The candidates of a walk under a policy that its stop rule leaves worth ranking.</summary>
    public static ReadOnlySpan<long> Worthwhile(CandidatePool pool, StopRule stop)
    {
        var every = default(EveryRow);
        int count = pool.Count;
        if (TryGetThreshold(pool, stop, ref every, out int threshold))
        {
            // Where the floor alone ends a walk there is no hit to be kept below it.
            int least = stop.Hits == int.MaxValue ? 0 : stop.Hits;
            while (count > Math.Min(least, pool.Count) && pool.ScoreAt(count - 1) <= threshold)
            {
                count--;
            }
        }
        return pool.Entries[..count];
    }

    private static bool IsWorthwhile(Frontier frontier, in StopRule stop)
    {
        if (!frontier.TryPeek(out int score))
        {
            return false;
        }
        if (stop.IsAdaptive && TryGetThreshold(frontier, stop, out int threshold))
        {
            // Nothing below the threshold can matter any more, so it bounds what is kept too.
            if (score < threshold)
            {
                return false;
            }
            frontier.Drop(threshold);
        }
        return true;
    }

    private static bool TryGetThreshold(Frontier frontier, in StopRule stop, out int threshold)
    {
        bool isKnown = frontier.TryGetLastHit(out int lastHit);
        threshold = isKnown ? stop.Threshold(lastHit) : int.MinValue;
        if (stop.IsAdaptive && stop.FloorThreshold > threshold && frontier.HasFound(StopRule.FloorAfter))
        {
            (threshold, isKnown) = (stop.FloorThreshold, true);
        }
        return isKnown;
    }

    internal static bool TryExpand<TPolicy>(
        in LinkTable links, WalkScratch scratch, in StopRule stop, ref TPolicy policy, ref int bound)
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        if (!TryFindWorthwhile(scratch.Pool, stop, ref policy, ref bound))
        {
            return false;
        }
        scratch.Queue.AppendUnvisited(links, scratch.Pool.TakeNext(), scratch.Visited);
        return true;
    }

    /// <summary>Moves to the best unexpanded candidate, if the stop rule lets it be expanded.</summary>
    internal static bool TryFindWorthwhile<TPolicy>(CandidatePool pool, in StopRule stop, ref TPolicy policy, ref int bound)
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        if (!pool.TryFindNext())
        {
            return false;
        }
        if (TryGetThreshold(pool, stop, ref policy, out int threshold))
        {
            // Nothing below the threshold can matter any more, so it bounds what enters the pool too.
            if (pool.ScoreAt(pool.Cursor) < threshold)
            {
                return false;
            }
            bound = Math.Max(bound, threshold);
        }
        return true;
    }

    private static bool TryGetThreshold<TPolicy>(CandidatePool pool, in StopRule stop, ref TPolicy policy, out int threshold)
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        threshold = int.MinValue;
        if (!stop.IsAdaptive)
        {
            return false;
        }
        bool isKnown = policy.TryGetThreshold(pool, stop, out threshold);
        if (stop.FloorThreshold > threshold && pool.Count >= StopRule.FloorAfter)
        {
            (threshold, isKnown) = (stop.FloorThreshold, true);
        }
        return isKnown;
    }

    internal static int Keep<TPolicy>(
        CandidatePool pool, in LinkTable links, ref TPolicy policy, int score, uint ordinal, int bound)
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        int at = pool.Offer(score, ordinal);
        if (at < pool.Cursor + RowsAhead)
        {
            links.PrefetchRow(ordinal);
        }
        return policy.Kept(pool, at, ordinal, bound);
    }
}
