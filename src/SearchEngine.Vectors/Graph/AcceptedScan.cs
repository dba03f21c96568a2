using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Scores every accepted row by its code; the best go to the scratch's Best.</summary>
internal static class AcceptedScan
{
    /// <summary>Rows between two questions to the watch.</summary>
    private const int RowsPerCheck = 256;

    /// <summary>Every accepted row's code is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TScorer>(in TScorer scorer, WalkScratch scratch, AcceptBits accept, in ScanRule rule)
        where TScorer : struct, IRowScorer
    {
        CandidatePool best = scratch.Best;
        FlowQueue queue = scratch.Queue;
        best.Reset(rule.Most);
        queue.Clear();
        var rows = new AcceptedOrdinals(accept);
        int ahead = scorer.Ahead, bound = rule.Bound(best), requested = 0, scored = 0, check = RowsPerCheck;
        while (true)
        {
            while (queue.Count < ahead && rows.TryTakeWord(out uint first, out ulong bits))
            {
                queue.AppendBits(first, bits);
            }
            if (queue.Count == 0)
            {
                break;
            }
            for (int end = Math.Min(queue.Count, ahead); requested < end; requested++)
            {
                scorer.Prefetch(queue.At(requested));
            }
            int taken = ScoreFour(scorer, queue, best, rule, ref bound);
            requested -= taken;
            scored += taken;
            if (scored >= check)
            {
                check += RowsPerCheck;
                if (!scratch.Watch.MayGoOn(best, scored, scored / WalkWatch.RowsPerStep))
                {
                    break;
                }
            }
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
        FlowQueue estimates = scratch.Queue, codes = scratch.SecondQueue;
        ScoreGroup highs = estimates.Scores;
        best.Reset(rule.Most);
        estimates.Clear();
        codes.Clear();
        var rows = new AcceptedOrdinals(accept);
        int ahead = estimator.Ahead, codesAhead = scorer.Ahead, bound = rule.Bound(best);
        int requested = 0, estimated = 0, scored = 0, check = RowsPerCheck;
        while (true)
        {
            while (estimates.Count < ahead && rows.TryTakeWord(out uint first, out ulong bits))
            {
                estimates.AppendBits(first, bits);
            }
            if (estimates.Count == 0)
            {
                break;
            }
            for (int end = Math.Min(estimates.Count, ahead); requested < end; requested++)
            {
                estimator.Prefetch(estimates.At(requested));
            }
            RowGroup four = estimates.TakeFour(out int taken);
            requested -= taken;
            estimated += taken;
            estimator.Bound(four, highs);
            if (highs.HasAbove(bound))
            {
                for (int i = 0; i < taken; i++)
                {
                    if (highs[i] > bound)
                    {
                        scorer.Prefetch(four[i]);
                        codes.Append(four[i]);
                    }
                }
            }
            // Codes wait until they fill the flow, and are scored in any order: the bound only rises.
            while (codes.Count >= codesAhead)
            {
                scored += ScoreFour(scorer, codes, best, rule, ref bound);
            }
            if (estimated >= check)
            {
                check += RowsPerCheck;
                if (!scratch.Watch.MayGoOn(best, scored + estimated, estimated / WalkWatch.RowsPerStep))
                {
                    break;
                }
            }
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
