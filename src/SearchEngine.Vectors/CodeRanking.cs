using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>Ranks rows by their codes alone; equal scores as walks order them.</summary>
internal static class CodeRanking
{
    /// <summary>The best of what a walk or scan kept, with the scores that their codes stand for.</summary>
    /// <param name="pool">Ordered by code.</param>
    /// <param name="scale">Of the codes.</param>
    /// <param name="hits">Receives them, best first.</param>
    /// <returns>How many there are.</returns>
    public static int Take(CandidatePool pool, in ScoreScale scale, Span<Candidate> hits)
    {
        int found = Math.Min(pool.Count, hits.Length);
        for (int i = 0; i < found; i++)
        {
            hits[i] = new Candidate(pool.OrdinalAt(i), scale.ToScore(pool.ScoreAt(i)));
        }
        return found;
    }

    /// <summary>The best accepted rows, all of which are scored.</summary>
    public static int Scan(in CodeScorer codes, in ScoreScale scale, WalkScratch scratch, AcceptBits accept, Span<Candidate> hits)
    {
        scratch.Watch.Allow(long.MaxValue);
        AcceptedScan.Run(codes, scratch, accept, new ScanRule(hits.Length, hits.Length, int.MaxValue, 0f, int.MinValue));
        return Take(scratch.Best, scale, hits);
    }
}
