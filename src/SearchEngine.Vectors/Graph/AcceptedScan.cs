using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Scores every accepted row by its code; the best go to the scratch's Best.</summary>
internal static class AcceptedScan
{
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

    /// <summary>Reads the codes of those rows only whose 1-bit upper bound lets them be a hit.</summary>
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
        int codesAhead = scorer.Ahead, bound = rule.Bound(best), estimated = 0, scored = 0;
        while (rows.TryFill(batch) && (estimated == 0 || scratch.Watch.MayGoOn(best, scored + estimated, estimated / WalkWatch.RowsPerStep)))
        {
            estimator.Bound(batch);
            for (int i = batch.FindAbove(0, bound); i < batch.Count; i = batch.FindAbove(i + 1, bound))
            {
                scorer.Prefetch(batch.OrdinalAt(i));
                codes.Append(batch.OrdinalAt(i));
                // Codes wait until they fill the flow, and are scored in any order: the bound only rises.
                if (codes.Count >= codesAhead)
                {
                    scored += ScoreFour(scorer, codes, best, rule, ref bound);
                }
            }
            estimated += batch.Count;
        }
        while (codes.Count > 0 && !scratch.Watch.IsEnded)
        {
            scored += ScoreFour(scorer, codes, best, rule, ref bound);
        }
        scratch.Counts.Add(scored, 0);
        scratch.Counts.Estimated += estimated;
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
