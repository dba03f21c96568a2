using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>Ranks rows by their exact scores; equal scores by ordinal.</summary>
internal static class TruthRanking
{
    private const int RowsAhead = 8;

    /// <summary>The best of the <paramref name="most"/> best candidates of a pool.</summary>
    public static int Rescore(in TruthScorer truth, CandidatePool pool, int most, Span<Candidate> hits, ref SearchCounts counts)
    {
        int count = Math.Min(pool.Count, most), found = 0;
        Span<uint> four = stackalloc uint[4];
        Span<float> scores = stackalloc float[4];
        for (int i = 0; i < Math.Min(RowsAhead, count); i++)
        {
            truth.Prefetch(pool.OrdinalAt(i));
        }
        for (int i = 0; i < count; i += 4)
        {
            for (int j = i + RowsAhead; j < Math.Min(i + RowsAhead + 4, count); j++)
            {
                truth.Prefetch(pool.OrdinalAt(j));
            }
            int group = Math.Min(4, count - i);
            for (int j = 0; j < 4; j++)
            {
                four[j] = pool.OrdinalAt(i + Math.Min(j, group - 1));
            }
            truth.Score(four, scores);
            for (int j = 0; j < group; j++)
            {
                Insert(hits, ref found, new Candidate(four[j], scores[j]));
            }
        }
        counts.Rescored += count;
        return found;
    }

    /// <summary>The best of all rows.</summary>
    public static int Scan(in TruthScorer truth, int count, Span<Candidate> hits, ref SearchCounts counts)
    {
        int found = 0;
        Span<uint> four = stackalloc uint[4];
        Span<float> scores = stackalloc float[4];
        for (int i = 0; i < count; i += 4)
        {
            int group = Math.Min(4, count - i);
            for (int j = 0; j < 4; j++)
            {
                four[j] = (uint)(i + Math.Min(j, group - 1));
            }
            truth.Score(four, scores);
            for (int j = 0; j < group; j++)
            {
                Insert(hits, ref found, new Candidate(four[j], scores[j]));
            }
        }
        counts.Rescored += count;
        return found;
    }

    /// <summary>Puts a candidate among the best found so far, if it belongs there.</summary>
    internal static void Insert(Span<Candidate> hits, ref int found, Candidate candidate)
    {
        int at = found;
        if (found == hits.Length)
        {
            if (found == 0 || !IsBefore(candidate, hits[found - 1]))
            {
                return;
            }
            at--;
        }
        else
        {
            found++;
        }
        while (at > 0 && IsBefore(candidate, hits[at - 1]))
        {
            hits[at] = hits[at - 1];
            at--;
        }
        hits[at] = candidate;
    }

    private static bool IsBefore(Candidate a, Candidate b) => a.Score > b.Score || (a.Score == b.Score && a.Ordinal < b.Ordinal);
}
