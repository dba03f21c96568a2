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
    public static void Walk<TScorer>(in TScorer scorer, LinkTable links, WalkScratch scratch, in StopRule stop)
        where TScorer : struct, IRowScorer
    {
        CandidatePool pool = scratch.Pool;
        FlowQueue queue = scratch.Queue;
        Span<int> scores = stackalloc int[4];
        int bound = pool.IsFull ? pool.WorstScore : int.MinValue;
        int scored = 0, hops = 0;
        bool more = true;
        while (true)
        {
            while (more && queue.Count < scorer.Ahead)
            {
                more = TryExpand(links, scratch, stop, ref bound);
                hops += more ? 1 : 0;
            }
            if (queue.Count == 0)
            {
                break;
            }
            queue.Request(scorer, scorer.Ahead);
            ReadOnlySpan<uint> four = queue.TakeFour(out int taken);
            scorer.Score(four, scores);
            scored += taken;
            for (int i = 0; i < taken; i++)
            {
                if (scores[i] > bound)
                {
                    bound = Keep(pool, links, scores[i], four[i], bound);
                    more = true;
                }
            }
        }
        scratch.Counts.Add(scored, hops);
    }

    /// <summary>Greedy descent on one upper level: moves to the best neighbour until none is better.</summary>
    public static Candidate<int> Descend<TScorer>(in TScorer scorer, LinkTable links, Candidate<int> from, WalkScratch scratch)
        where TScorer : struct, IRowScorer
    {
        Span<int> scores = stackalloc int[4];
        Candidate<int> best = from;
        FlowQueue queue = scratch.Queue;
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
                    queue.Append(link);
                }
            }
            queue.Request(scorer, queue.Count);
            while (queue.Count > 0)
            {
                ReadOnlySpan<uint> four = queue.TakeFour(out int taken);
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

    public static Candidate<int> ScoreOne<TScorer>(in TScorer scorer, uint ordinal)
        where TScorer : struct, IRowScorer
    {
        Span<int> scores = stackalloc int[4];
        scorer.Score([ordinal, ordinal, ordinal, ordinal], scores);
        return new Candidate<int>(ordinal, scores[0]);
    }

    /// <summary>Ranks the whole pool by a finer scorer; the best go to the scratch's Best.</summary>
    public static void Refine<TScorer>(in TScorer scorer, WalkScratch scratch, int most)
        where TScorer : struct, IRowScorer
    {
        CandidatePool pool = scratch.Pool, best = scratch.Best;
        FlowQueue queue = scratch.Queue;
        best.Reset(most, most);
        queue.Clear();
        Span<int> scores = stackalloc int[4];
        int next = 0;
        while (next < pool.Count || queue.Count > 0)
        {
            while (next < pool.Count && queue.Count < scorer.Ahead)
            {
                queue.Append(pool.OrdinalAt(next++));
            }
            queue.Request(scorer, scorer.Ahead);
            ReadOnlySpan<uint> four = queue.TakeFour(out int taken);
            scorer.Score(four, scores);
            for (int i = 0; i < taken; i++)
            {
                if (!best.IsFull || scores[i] > best.WorstScore)
                {
                    best.Offer(scores[i], four[i]);
                }
            }
        }
        scratch.Counts.Add(pool.Count, 0);
    }

    internal static bool TryExpand(LinkTable links, WalkScratch scratch, in StopRule stop, ref int bound)
    {
        CandidatePool pool = scratch.Pool;
        if (!pool.TryFindNext())
        {
            return false;
        }
        if (stop.IsAdaptive && pool.Count >= stop.Hits)
        {
            // Nothing below the threshold can matter any more, so it bounds what enters the pool too.
            int threshold = stop.Threshold(pool.ScoreAt(stop.Hits - 1));
            if (pool.ScoreAt(pool.Cursor) < threshold)
            {
                return false;
            }
            bound = Math.Max(bound, threshold);
        }
        ReadOnlySpan<uint> row = links.Row(pool.TakeNext());
        FlowQueue queue = scratch.Queue;
        queue.Append(scratch.Visited.Take(row, queue.Tail(links.Width)));
        return true;
    }

    internal static int Keep(CandidatePool pool, LinkTable links, int score, uint ordinal, int bound)
    {
        if (pool.Offer(score, ordinal) < pool.Cursor + RowsAhead)
        {
            links.PrefetchRow(ordinal);
        }
        return pool.IsFull ? Math.Max(bound, pool.WorstScore) : bound;
    }
}
