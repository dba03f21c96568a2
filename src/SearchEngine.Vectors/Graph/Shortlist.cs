using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Chooses those of the candidates of a walk that are rescored; they go to the scratch's Best.</summary>
internal static class Shortlist
{
    /// <summary>The best as they are.</summary>
    /// <param name="candidates">In any order.</param>
    public static void Take(ReadOnlySpan<long> candidates, WalkScratch scratch, int most)
    {
        CandidatePool best = scratch.Best;
        best.Reset(most);
        foreach (long entry in candidates)
        {
            best.OfferIfBetter(Entry.ScoreOf(entry), Entry.OrdinalOf(entry));
        }
    }

    /// <summary>The best by a finer scorer.</summary>
    /// <param name="candidates">In any order.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rank<TScorer>(in TScorer scorer, ReadOnlySpan<long> candidates, WalkScratch scratch, int most)
        where TScorer : struct, IRowScorer
    {
        CandidatePool best = scratch.Best;
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        best.Reset(most);
        queue.Clear();
        int next = 0;
        while (next < candidates.Length || queue.Count > 0)
        {
            while (next < candidates.Length && queue.Count < scorer.Ahead)
            {
                uint ordinal = Entry.OrdinalOf(candidates[next++]);
                scorer.Prefetch(ordinal);
                queue.Append(ordinal);
            }
            RowGroup four = queue.TakeFour(out int taken);
            scorer.Score(four, scores);
            for (int i = 0; i < taken; i++)
            {
                best.OfferIfBetter(scores[i], four[i]);
            }
        }
        scratch.Counts.Add(candidates.Length, 0);
    }
}
