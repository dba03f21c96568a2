using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Scores every accepted row by its code; the best go to the scratch's Best.</summary>
internal static class AcceptedScan
{
    /// <summary>Rows between two questions to the watch.</summary>
    private const int RowsPerCheck = 256;

    /// <summary>Every accepted row's code is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TScorer>(in TScorer scorer, WalkScratch scratch, AcceptBits accept, in ScanRule rule)
        where TScorer : struct, IRowScorer
    {
        CandidatePool best = scratch.Best;
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        best.Reset(rule.Most);
        queue.Clear();
        var next = new AcceptedOrdinals(accept);
        int ahead = scorer.Ahead, bound = rule.Bound(best), scored = 0, check = RowsPerCheck;
        while (true)
        {
            while (queue.Count < ahead && next.TryTake(out uint ordinal))
            {
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
                if (scores[i] > bound)
                {
                    best.Offer(scores[i], four[i]);
                    bound = rule.Bound(best);
                }
            }
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TEstimator, TScorer>(
        in TEstimator estimator, in TScorer scorer, WalkScratch scratch, AcceptBits accept, in ScanRule rule)
        where TEstimator : struct, IRowEstimator
        where TScorer : struct, IRowScorer
    {
        CandidatePool best = scratch.Best;
        FlowQueue estimates = scratch.Queue, codes = scratch.SecondQueue;
        ScoreGroup highs = estimates.Scores, scores = codes.Scores;
        best.Reset(rule.Most);
        estimates.Clear();
        codes.Clear();
        var next = new AcceptedOrdinals(accept);
        int ahead = estimator.Ahead, codesAhead = scorer.Ahead, bound = rule.Bound(best);
        int estimated = 0, scored = 0, check = RowsPerCheck;
        bool more = true;
        while (more || estimates.Count > 0 || codes.Count > 0)
        {
            while (estimates.Count < ahead && (more = next.TryTake(out uint ordinal)))
            {
                estimator.Prefetch(ordinal);
                estimates.Append(ordinal);
            }
            while (estimates.Count > 0 && codes.Count < codesAhead)
            {
                RowGroup four = estimates.TakeFour(out int taken);
                estimated += taken;
                estimator.Bound(four, highs);
                for (int i = 0; i < taken; i++)
                {
                    if (highs[i] > bound)
                    {
                        scorer.Prefetch(four[i]);
                        codes.Append(four[i]);
                    }
                }
                if (estimates.Count < ahead && more)
                {
                    break;
                }
            }
            // Codes wait until they fill the flow, and are scored in any order: the bound only rises.
            if (codes.Count >= codesAhead || (!more && estimates.Count == 0 && codes.Count > 0))
            {
                RowGroup four = codes.TakeFour(out int taken);
                scorer.Score(four, scores);
                scored += taken;
                for (int i = 0; i < taken; i++)
                {
                    if (scores[i] > bound)
                    {
                        best.Offer(scores[i], four[i]);
                        bound = rule.Bound(best);
                    }
                }
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
        scratch.Counts.Add(scored, 0);
        scratch.Counts.Estimated += estimated;
    }
}
