using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Estimates that come with an upper bound, for dropping rows before their codes are read.</summary>
internal interface IRowEstimator
{
    int Ahead { get; }

    void Prefetch(uint ordinal);

    /// <summary>Upper bounds of the scores of exactly four rows.</summary>
    void Bound(ReadOnlySpan<uint> ordinals, Span<int> highs);
}

/// <summary>
/// The walk of <see cref="GraphSearcher"/> with a filter before the codes: expanded neighbours first wait for their 1-bit
/// records, and only those whose upper bound beats the worst kept candidate go on to wait for their codes.
/// </summary>
internal static class PrefilterSearcher
{
    public static void Walk<TEstimator, TScorer>(
        in TEstimator estimator, in TScorer scorer, LinkTable links, WalkScratch scratch, in StopRule stop)
        where TEstimator : struct, IRowEstimator
        where TScorer : struct, IRowScorer
    {
        FlowQueue estimates = scratch.Queue, codes = scratch.SecondQueue;
        Span<int> scores = stackalloc int[4];
        int bound = int.MinValue, estimated = 0, scored = 0, hops = 0;
        bool more = true;
        while (true)
        {
            while (more && estimates.Count < estimator.Ahead)
            {
                more = GraphSearcher.TryExpand(links, scratch, stop, ref bound);
                hops += more ? 1 : 0;
            }
            while (estimates.Count > 0 && codes.Count < scorer.Ahead)
            {
                estimates.RequestEstimates(estimator, estimator.Ahead);
                ReadOnlySpan<uint> four = estimates.TakeFour(out int taken);
                estimator.Bound(four, scores);
                estimated += taken;
                for (int i = 0; i < taken; i++)
                {
                    if (scores[i] > bound)
                    {
                        scorer.Prefetch(four[i]);
                        codes.Append(four[i]);
                    }
                }
            }
            if (codes.Count == 0)
            {
                if (!more && estimates.Count == 0)
                {
                    break;
                }
                continue;
            }
            ReadOnlySpan<uint> group = codes.TakeFour(out int count);
            scorer.Score(group, scores);
            scored += count;
            for (int i = 0; i < count; i++)
            {
                if (scores[i] > bound)
                {
                    bound = GraphSearcher.Keep(scratch.Pool, links, scores[i], group[i], bound);
                    more = true;
                }
            }
        }
        scratch.Counts.Add(scored, hops);
        scratch.Counts.Estimated += estimated;
    }
}
