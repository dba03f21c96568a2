using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The walk: HNSW's search of a layer (Malkov and Yashunin, algorithm 2) as a flow. Candidates are expanded ahead of
/// scoring, their unvisited neighbours wait in a queue while their rows are fetched, and rows are scored four at a time
/// from its other end, so that memory never idles between two expansions. Which rows are expanded differs a little from
/// the textbook order, recall at equal breadth does not; the result depends on the query alone, never on timing.
/// Knows ordinals and scores, nothing else.
/// </summary>
internal static class GraphSearcher
{
    /// <summary>A candidate this close behind the cursor will be expanded soon: its link row is asked for at once.</summary>
    private const int RowsAhead = 16;

    /// <summary>Walks from the candidates already in the pool until the best unexpanded one cannot matter.</summary>
    public static void Walk<TScorer>(in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop)
        where TScorer : struct, IRowScorer
    {
        var every = default(EveryRow);
        Walk(scorer, links, scratch, stop, ref every);
    }

    /// <summary>The same walk under a policy: what counts as a hit, and who may end it early.</summary>
    public static void Walk<TScorer, TPolicy>(
        in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop, ref TPolicy policy)
        where TScorer : struct, IRowScorer
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        CandidatePool pool = scratch.Pool;
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        int ahead = scorer.Ahead, requested = 0, scored = 0, hops = 0, bound = int.MinValue;
        bool more = true;
        while (true)
        {
            while (more && queue.Count < ahead)
            {
                more = policy.MayExpand(pool, scored, hops) && TryExpand(links, scratch, stop, ref policy, ref bound);
                hops += more ? 1 : 0;
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

    /// <summary>Ranks the whole pool by a finer scorer; the best go to the scratch's Best.</summary>
    public static void Refine<TScorer>(in TScorer scorer, WalkScratch scratch, int most)
        where TScorer : struct, IRowScorer
    {
        CandidatePool pool = scratch.Pool, best = scratch.Best;
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        best.Reset(most, most);
        queue.Clear();
        int next = 0, bound = int.MinValue;
        while (next < pool.Count || queue.Count > 0)
        {
            while (next < pool.Count && queue.Count < scorer.Ahead)
            {
                uint ordinal = pool.OrdinalAt(next++);
                scorer.Prefetch(ordinal);
                queue.Append(ordinal);
            }
            RowGroup four = queue.TakeFour(out int taken);
            scorer.Score(four, scores);
            for (int i = 0; i < taken; i++)
            {
                if (scores[i] > bound)
                {
                    best.Offer(scores[i], four[i]);
                    bound = best.IsFull ? best.WorstScore : bound;
                }
            }
        }
        scratch.Counts.Add(pool.Count, 0);
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
        if (!stop.IsAdaptive)
        {
            return true;
        }
        bool isKnown = policy.TryGetLastHit(pool, stop, out int lastHit);
        if (stop.Floor > lastHit && pool.Count >= StopRule.FloorAfter)
        {
            (lastHit, isKnown) = (stop.Floor, true);
        }
        if (isKnown)
        {
            // Nothing below the threshold can matter any more, so it bounds what enters the pool too.
            int threshold = stop.Threshold(lastHit);
            if (pool.ScoreAt(pool.Cursor) < threshold)
            {
                return false;
            }
            bound = Math.Max(bound, threshold);
        }
        return true;
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
