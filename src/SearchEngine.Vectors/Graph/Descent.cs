using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>The way down to where a walk starts: greedy on every upper level.</summary>
internal static class Descent
{
    /// <summary>Moves to the best neighbour on one upper level until none is better.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Candidate<int> Run<TScorer>(in TScorer scorer, in LinkTable links, Candidate<int> from, WalkScratch scratch)
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
        queue.Clear();
        return new Candidate<int>(ordinal, queue.Scores[0]);
    }
}
