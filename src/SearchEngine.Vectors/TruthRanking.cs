using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>Ranks rows by their exact scores; equal scores by ordinal.</summary>
internal static class TruthRanking
{
    private const int RowsAhead = 8;

    /// <summary>Rows of a scan between two questions to the watch; a multiple of 4.</summary>
    private const int RowsPerCheck = 256;

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

    /// <summary>As <see cref="Rescore(in TruthScorer, CandidatePool, int, Span{Candidate}, ref SearchCounts)"/>, of candidates ordered by
    /// code: only those are looked at that can be hits.</summary>
    /// <param name="truth">Scores exactly.</param>
    /// <param name="pool">Ordered by code.</param>
    /// <param name="most">Candidates that may be looked at.</param>
    /// <param name="scale">Says what exact score a code may stand for.</param>
    /// <param name="bound">Rows below it are no hits.</param>
    /// <param name="hits">Receives them, best first.</param>
    /// <param name="counts">Of the search.</param>
    public static int Rescore(
        in TruthScorer truth, CandidatePool pool, int most, in ScoreScale scale, float bound, Span<Candidate> hits, ref SearchCounts counts)
    {
        int found = RescoreWhilePossible(truth, pool, Math.Min(pool.Count, most), scale, bound, hits, out int scored);
        counts.Rescored += scored;
        return found;
    }

    /// <summary>The best candidates of a scan: from the best code on, until no further one can be a hit.</summary>
    /// <param name="truth">Scores exactly.</param>
    /// <param name="pool">Ordered by code.</param>
    /// <param name="scale">Says what exact score a code may stand for.</param>
    /// <param name="hits">Receives them, best first.</param>
    /// <param name="counts">Of the search.</param>
    /// <param name="isSure">Whether no row that the pool had no room for can be a hit.</param>
    public static int RescoreScan(
        in TruthScorer truth, CandidatePool pool, in ScoreScale scale, Span<Candidate> hits, ref SearchCounts counts, out bool isSure)
    {
        int found = RescoreWhilePossible(truth, pool, pool.Count, scale, float.NegativeInfinity, hits, out int scored);
        counts.Rescored += scored;
        isSure = scored < pool.Count || !pool.IsFull || (found == hits.Length && scale.Greatest(pool.WorstScore) < hits[found - 1].Score);
        return found;
    }

    private static int RescoreWhilePossible(
        in TruthScorer truth, CandidatePool pool, int count, in ScoreScale scale, float bound, Span<Candidate> hits, out int scored)
    {
        int found = 0, next = 0;
        Span<uint> four = stackalloc uint[4];
        Span<float> scores = stackalloc float[4];
        for (int ahead = 0; ahead < Math.Min(RowsAhead, count); ahead++)
        {
            truth.Prefetch(pool.OrdinalAt(ahead));
        }
        while (next < count)
        {
            float greatest = scale.Greatest(pool.ScoreAt(next));
            if (greatest < bound || (found == hits.Length && greatest < hits[found - 1].Score))
            {
                break;
            }
            int group = Math.Min(4, count - next);
            for (int j = 0; j < 4; j++)
            {
                four[j] = pool.OrdinalAt(next + Math.Min(j, group - 1));
            }
            next += group;
            for (int j = next + RowsAhead - 4; j < Math.Min(next + RowsAhead, count); j++)
            {
                truth.Prefetch(pool.OrdinalAt(j));
            }
            truth.Score(four, scores);
            for (int j = 0; j < group; j++)
            {
                Insert(hits, ref found, new Candidate(four[j], scores[j]));
            }
        }
        scored = next;
        return found;
    }

    /// <summary>The best of the first rows.</summary>
    public static int Scan(in TruthScorer truth, int count, WalkScratch scratch, Span<Candidate> hits) =>
        Scan(truth, new RowRange(0, count), scratch, hits);

    /// <summary>The best of the accepted rows.</summary>
    public static int Scan(in TruthScorer truth, AcceptBits accept, WalkScratch scratch, Span<Candidate> hits) =>
        Scan(truth, new AcceptedOrdinals(accept), scratch, hits);

    private static int Scan<TOrdinals>(in TruthScorer truth, TOrdinals rows, WalkScratch scratch, Span<Candidate> hits)
        where TOrdinals : struct, IOrdinals, allows ref struct
    {
        int found = 0, scored = 0, waiting = 0;
        Span<uint> next = stackalloc uint[RowsAhead + 4];
        Span<uint> four = stackalloc uint[4];
        Span<float> scores = stackalloc float[4];
        while (true)
        {
            for (; waiting < next.Length && rows.TryTake(out uint ordinal); waiting++)
            {
                truth.Prefetch(ordinal);
                next[waiting] = ordinal;
            }
            if (waiting == 0)
            {
                break;
            }
            int group = Math.Min(4, waiting);
            next[..group].CopyTo(four);
            four[group..].Fill(four[group - 1]);
            waiting -= group;
            next.Slice(group, waiting).CopyTo(next);
            truth.Score(four, scores);
            for (int j = 0; j < group; j++)
            {
                Insert(hits, ref found, new Candidate(four[j], scores[j]));
            }
            scored += group;
            if (scored % RowsPerCheck == 0 && !scratch.Watch.MayGoOn(hits[..found], scored))
            {
                break;
            }
        }
        scratch.Counts.Rescored += scored;
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
