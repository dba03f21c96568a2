using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The walk: HNSW's search of a layer (Malkov and Yashunin, algorithm 2) as a flow. Candidates are expanded ahead of
/// scoring, their unvisited neighbours wait in a queue while their rows are fetched, and rows are scored four at a time
/// from its other end, so that memory never idles between two expansions. Which rows are expanded differs a little from
/// the textbook order, recall at equal breadth does not; the result depends on the query alone, never on timing.
/// One loop for every kind of search: what is scored, how a candidate leads to further rows and what is looked for are
/// type arguments. Knows ordinals and scores, nothing else.
/// </summary>
internal static class GraphSearcher
{
    /// <summary>
    /// A candidate is chosen while this many rows more than needed still wait, so that its link row arrives meanwhile:
    /// expanded on demand, a walk waits at every link row, 5 to 18 % of a search (2026-11-26). 8 to 16 are alike.
    /// </summary>
    private const int Lead = 12;

    private const uint NoRow = uint.MaxValue;

    /// <summary>The plain walk over all rows. The pool then holds what was found, best first.</summary>
    public static void Walk<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop)
        where TScorer : struct, IRowScorer
    {
        var expansion = new LinkExpansion(scratch.Visited);
        var every = default(EveryRow);
        Walk(scorer, ref expansion, ref every, links, scratch, stop);
        scratch.Pool.Load(scratch.Frontier.Sort());
    }

    /// <summary>
    /// Walks from the candidates in the frontier, or the rows in the queue, until the best unexpanded candidate cannot matter.
    /// What was found stays in the frontier, in no order.
    /// </summary>
    /// <remarks>
    /// Compiled fully optimised at once: arranged by the runtime's profile of the first calls, the walk over 128-byte rows took
    /// 240 us instead of 113 (2026-11-26, breadth 300, one million rows).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Walk<TScorer, TExpansion, TGoal>(
        in TScorer scorer, ref TExpansion expansion, ref TGoal goal, in LinkTable links, WalkScratch scratch, in StopRule stop)
        where TScorer : struct, IRowScorer
        where TExpansion : struct, IExpansion, allows ref struct
        where TGoal : struct, IWalkGoal, allows ref struct
    {
        Frontier frontier = scratch.Frontier;
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        WalkWatch watch = scratch.Watch;
        int ahead = scorer.Ahead, requested = 0, scored = 0, hops = 0;
        uint next = NoRow;
        bool more = true;
        while (true)
        {
            while (queue.Count < ahead + Lead)
            {
                bool isDue = expansion.IsDue || (!more && next == NoRow && expansion.HasWaiting);
                if (isDue || next != NoRow)
                {
                    if (queue.Count >= ahead)
                    {
                        break;
                    }
                    if (isDue)
                    {
                        expansion.Advance(links, frontier.Bound, queue);
                        continue;
                    }
                    expansion.Open(links, next, queue);
                    next = NoRow;
                    hops++;
                    continue;
                }
                more = more && (watch.IsIdle || watch.MayGoOn(frontier, scored + expansion.Estimated, hops))
                    && IsWorthwhile(frontier, stop, ref goal);
                if (more)
                {
                    next = frontier.TakeNext();
                    links.PrefetchRow(next);
                }
                else if (!expansion.HasWaiting)
                {
                    break;
                }
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
                if (goal.Offer(frontier, scores[i], four[i]))
                {
                    // One of the next to be expanded: without this early request a 1-bit walk is 14 % slower.
                    links.PrefetchRow(four[i]);
                    more = true;
                }
            }
        }
        if (stop.IsAdaptive && TryGetThreshold(frontier, stop, ref goal, out _, out int kept))
        {
            frontier.Drop(kept);
        }
        goal.Finish(frontier);
        scratch.Counts.Add(scored, hops);
        scratch.Counts.Estimated += expansion.Estimated;
        scratch.Counts.EffectiveBreadth = frontier.EffectiveBreadth;
    }

    private static bool IsWorthwhile<TGoal>(Frontier frontier, in StopRule stop, ref TGoal goal)
        where TGoal : struct, IWalkGoal, allows ref struct
    {
        if (!frontier.TryPeek(out int score) || goal.IsEnough(frontier))
        {
            return false;
        }
        if (stop.IsAdaptive && TryGetThreshold(frontier, stop, ref goal, out int threshold, out int kept))
        {
            if (score < threshold)
            {
                return false;
            }
            frontier.Drop(kept);
        }
        return true;
    }

    private static bool TryGetThreshold<TGoal>(Frontier frontier, in StopRule stop, ref TGoal goal, out int threshold, out int kept)
        where TGoal : struct, IWalkGoal, allows ref struct
    {
        bool isKnown = goal.TryGetThreshold(frontier, stop, out threshold, out kept);
        if (stop.FloorThreshold > threshold && frontier.Hops >= StopRule.FloorAfter)
        {
            threshold = kept = stop.FloorThreshold;
            isKnown = true;
        }
        return isKnown;
    }
}
