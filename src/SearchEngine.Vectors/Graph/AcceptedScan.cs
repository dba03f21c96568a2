using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Scores every accepted row by its code; the best go to the scratch's Best.</summary>
internal static class AcceptedScan
{
    /// <summary>Rows of a batch that are scored before the others, at most.</summary>
    private const int MostNearest = 256;

    /// <summary>Every accepted row's code is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TScorer>(in TScorer scorer, WalkScratch scratch, AcceptBits accept, in ScanRule rule)
        where TScorer : struct, IBatchScorer
    {
        CandidatePool best = scratch.Best;
        RowBatch batch = scratch.Batch;
        best.Reset(rule.Most);
        batch.Clear();
        var rows = new AcceptedOrdinals(accept);
        int bound = rule.Bound(best), scored = 0;
        // Asked before every batch but the first: when all is read, nothing was cut short.
        while (rows.TryFill(batch) && (scored == 0 || scratch.Watch.MayGoOn(best, scored, scored / WalkWatch.RowsPerStep)))
        {
            scorer.Score(batch);
            for (int i = batch.FindAbove(0, bound); i < batch.Count; i = batch.FindAbove(i + 1, bound))
            {
                best.Offer(batch.ScoreAt(i), batch.OrdinalAt(i));
                bound = rule.Bound(best);
            }
            scored += batch.Count;
        }
        scratch.Counts.Add(scored, 0);
    }

    /// <summary>Reads the codes of those rows only whose 1-bit upper bound lets them be a hit, the nearest of a batch before the others: of
    /// 10,000 rows of 768 some 85 codes for 10 hits, 320 in the order of the rows (52 and 60 us, 2026-11-26).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TEstimator, TScorer>(
        in TEstimator estimator, in TScorer scorer, WalkScratch scratch, AcceptBits accept, in ScanRule rule)
        where TEstimator : struct, IRowEstimator
        where TScorer : struct, IRowScorer
    {
        CandidatePool best = scratch.Best;
        RowBatch batch = scratch.Batch;
        FlowQueue codes = scratch.Queue;
        best.Reset(rule.Most);
        batch.Clear();
        codes.Clear();
        var rows = new AcceptedOrdinals(accept);
        int bound = rule.Bound(best), estimated = 0, scored = 0;
        for (bool isLast = false; !isLast && !scratch.Watch.IsEnded; estimated += batch.Count)
        {
            isLast = !TryFill(estimator, scratch, ref rows, scored, estimated);
            // Also when the search has to end: of what was estimated these are the hits.
            scored += ScoreNearest(scorer, scratch, rule, ref bound);
            for (int i = batch.FindAbove(0, bound); i < batch.Count && !scratch.Watch.IsEnded; i = batch.FindAbove(i + 1, bound))
            {
                scored += Take(scorer, batch.OrdinalAt(i), codes, best, rule, ref bound);
            }
        }
        scored += TakeRest(scorer, codes, best, rule, ref bound);
        scratch.Counts.Add(scored, 0);
        scratch.Counts.Estimated += estimated;
    }

    /// <summary>Fills a batch with the next rows and bounds their scores, step by step.</summary>
    /// <returns>Whether more may follow; not when the search has to end.</returns>
    private static bool TryFill<TEstimator>(
        in TEstimator estimator, WalkScratch scratch, ref AcceptedOrdinals rows, int scored, int estimated)
        where TEstimator : struct, IRowEstimator
    {
        RowBatch batch = scratch.Batch;
        batch.Advance();
        while (!batch.IsFull)
        {
            int from = batch.Count, seen = estimated + from;
            if (!rows.TryExtend(batch))
            {
                return false;
            }
            // Asked before every step but the first: when all is read, nothing was cut short.
            if (seen > 0 && !scratch.Watch.MayGoOn(scratch.Best, scored + seen, seen / WalkWatch.RowsPerStep))
            {
                batch.Cut(from);
                return false;
            }
            estimator.Bound(batch, from);
        }
        return true;
    }

    // The rows of a batch with the greatest bounds: what they score spares the others their codes.
    private static int ScoreNearest<TScorer>(in TScorer scorer, WalkScratch scratch, in ScanRule rule, ref int bound)
        where TScorer : struct, IRowScorer
    {
        RowBatch batch = scratch.Batch;
        FlowQueue codes = scratch.Queue;
        CandidatePool nearest = scratch.Pool;
        FindNearest(batch, nearest, rule.Hits, bound);
        int scored = 0;
        for (int i = 0; i < nearest.Count; i++)
        {
            int position = (int)nearest.OrdinalAt(i);
            scored += Take(scorer, batch.OrdinalAt(position), codes, scratch.Best, rule, ref bound);
            batch.Drop(position);
        }
        return scored + TakeRest(scorer, codes, scratch.Best, rule, ref bound);
    }

    // Their positions, as many as hits are wanted.
    private static void FindNearest(RowBatch batch, CandidatePool nearest, int hits, int bound)
    {
        nearest.Reset(Math.Min((hits + 3) / 4 * 4, MostNearest));
        for (int i = batch.FindAbove(0, bound); i < batch.Count; i = batch.FindAbove(i + 1, bound))
        {
            nearest.Offer(batch.ScoreAt(i), (uint)i);
            if (nearest.IsFull)
            {
                bound = Math.Max(bound, nearest.WorstScore);
            }
        }
    }

    // Codes wait until they fill the flow, and are scored in any order: the bound only rises.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Take<TScorer>(in TScorer scorer, uint ordinal, FlowQueue codes, CandidatePool best, in ScanRule rule, ref int bound)
        where TScorer : struct, IRowScorer
    {
        scorer.Prefetch(ordinal);
        codes.Append(ordinal);
        return codes.Count >= scorer.Ahead ? ScoreFour(scorer, codes, best, rule, ref bound) : 0;
    }

    private static int TakeRest<TScorer>(in TScorer scorer, FlowQueue codes, CandidatePool best, in ScanRule rule, ref int bound)
        where TScorer : struct, IRowScorer
    {
        int scored = 0;
        while (codes.Count > 0)
        {
            scored += ScoreFour(scorer, codes, best, rule, ref bound);
        }
        return scored;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ScoreFour<TScorer>(in TScorer scorer, FlowQueue queue, CandidatePool best, in ScanRule rule, ref int bound)
        where TScorer : struct, IRowScorer
    {
        ScoreGroup scores = queue.Scores;
        RowGroup four = queue.TakeFour(out int taken);
        scorer.Score(four, scores);
        if (scores.HasAbove(bound))
        {
            for (int i = 0; i < taken; i++)
            {
                if (scores[i] > bound)
                {
                    best.Offer(scores[i], four[i]);
                    bound = rule.Bound(best);
                }
            }
        }
        return taken;
    }
}
