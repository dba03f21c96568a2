using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Estimates that come with an upper bound, for dropping rows before their codes are read.</summary>
internal interface IRowEstimator
{
    int Ahead { get; }

    void Prefetch(uint ordinal);

    /// <summary>Upper bounds of the scores of exactly four rows.</summary>
    void Bound(RowGroup rows, ScoreGroup highs);
}

/// <summary>
/// The walk of <see cref="GraphSearcher"/> with a filter before the codes: expanded neighbours first wait for their 1-bit
/// records, and only those whose upper bound beats the worst kept candidate go on to wait for their codes.
/// </summary>
internal static class PrefilterSearcher
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Walk<TEstimator, TScorer, TPolicy>(
        in TEstimator estimator, in TScorer scorer, in LinkTable links, WalkScratch scratch, in StopRule stop, ref TPolicy policy)
        where TEstimator : struct, IRowEstimator
        where TScorer : struct, IRowScorer
        where TPolicy : struct, IWalkPolicy, allows ref struct
    {
        FlowQueue estimates = scratch.Queue, codes = scratch.SecondQueue;
        ScoreGroup highs = estimates.Scores, scores = codes.Scores;
        int ahead = estimator.Ahead, codesAhead = scorer.Ahead;
        int requested = 0, bound = int.MinValue, estimated = 0, scored = 0, hops = 0;
        bool more = true;
        while (true)
        {
            while (more && estimates.Count < ahead)
            {
                more = policy.MayExpand(scratch.Pool, scored + estimated, hops)
                    && GraphSearcher.TryExpand(links, scratch, stop, ref policy, ref bound);
                hops += more ? 1 : 0;
                for (; requested < estimates.Count; requested++)
                {
                    estimator.Prefetch(estimates.At(requested));
                }
            }
            while (estimates.Count > 0 && codes.Count < codesAhead)
            {
                RowGroup four = estimates.TakeFour(out int taken);
                requested -= taken;
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
            }
            if (codes.Count == 0)
            {
                if (!more)
                {
                    break;
                }
                continue;
            }
            RowGroup group = codes.TakeFour(out int count);
            scored += count;
            scorer.Score(group, scores);
            for (int i = 0; i < count; i++)
            {
                if (scores[i] > bound)
                {
                    bound = GraphSearcher.Keep(scratch.Pool, links, ref policy, scores[i], group[i], bound);
                    more = true;
                }
            }
            scratch.Pool.Peek();
        }
        scratch.Counts.Add(scored, hops);
        scratch.Counts.Estimated += estimated;
    }
}
