using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>Scores some rows before a walk and keeps the few best.</summary>
internal static class NearestRows
{
    /// <param name="scorer">Of the query.</param>
    /// <param name="rows">At most 256, all of them rows.</param>
    /// <param name="scratch">No rows wait in its queue.</param>
    /// <param name="nearest">Receives the nearest, best first; of equal ones the earlier.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find<TScorer>(in TScorer scorer, ReadOnlySpan<uint> rows, WalkScratch scratch, Span<Candidate<int>> nearest)
        where TScorer : struct, IRowScorer
    {
        FlowQueue queue = scratch.Queue;
        ScoreGroup scores = queue.Scores;
        queue.Clear();
        foreach (uint row in rows)
        {
            scorer.Prefetch(row);
            queue.Append(row);
        }
        int count = 0;
        while (queue.Count > 0)
        {
            RowGroup four = queue.TakeFour(out int taken);
            scorer.Score(four, scores);
            for (int i = 0; i < taken; i++)
            {
                Insert(nearest, ref count, new Candidate<int>(four[i], scores[i]));
            }
        }
        queue.Clear();
        return count;
    }

    private static void Insert(Span<Candidate<int>> nearest, ref int count, Candidate<int> row)
    {
        int at = count;
        while (at > 0 && nearest[at - 1].Score < row.Score)
        {
            at--;
        }
        if (at == nearest.Length)
        {
            return;
        }
        count = Math.Min(count + 1, nearest.Length);
        nearest[at..(count - 1)].CopyTo(nearest[(at + 1)..]);
        nearest[at] = row;
    }
}
