using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Live;

/// <summary>Scores a range of rows from truth and adds the admitted ones to the hits.</summary>
internal static class LiveScan
{
    /// <summary>Rows between two questions to the watch.</summary>
    private const int RowsPerCheck = 256;

    public static void Run(
        in TruthScorer truth, int from, int to, in RowGate gate, WalkScratch scratch, Span<Candidate> hits, ref int found)
    {
        int scored = 0, check = RowsPerCheck;
        Span<uint> four = stackalloc uint[4];
        Span<float> scores = stackalloc float[4];
        uint next = (uint)from;
        while (next < (uint)to)
        {
            int group = 0;
            for (; group < 4 && next < (uint)to; next++)
            {
                if (gate.Admits(next))
                {
                    four[group++] = next;
                }
            }
            if (group == 0)
            {
                break;
            }
            four[group..].Fill(four[group - 1]);
            truth.Score(four, scores);
            scored += group;
            for (int i = 0; i < group; i++)
            {
                TruthRanking.Insert(hits, ref found, new Candidate(four[i], scores[i]));
            }
            if (scored >= check)
            {
                check += RowsPerCheck;
                if (!scratch.Watch.MayGoOn(hits[..found], scored))
                {
                    break;
                }
            }
        }
        scratch.Counts.Rescored += scored;
    }
}
