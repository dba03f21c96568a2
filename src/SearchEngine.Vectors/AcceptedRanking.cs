using SearchEngine.Vectors.Graph;
using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors;

/// <summary>
/// The best accepted rows of a segment by scanning them all: codes rank, truth decides, and when more rows lie within the error of
/// a code than were kept, the scan is made again with more room, at last from truth. Away from a query scores crowd so.
/// </summary>
internal static class AcceptedRanking
{
    /// <summary>So much more is kept by the second scan.</summary>
    private const int MoreRoom = 16;

    /// <param name="codes">Scores the codes.</param>
    /// <param name="signs">Bounds the scores from 1-bit records; null where there are none.</param>
    /// <param name="truth">Scores exactly.</param>
    /// <param name="scale">How far codes are from truth.</param>
    /// <param name="rule">What may be a hit.</param>
    /// <param name="scratch">Of the search.</param>
    /// <param name="accept">The rows.</param>
    /// <param name="hits">Receives the hits, best first.</param>
    /// <returns>How many there are.</returns>
    public static int Scan(
        in CodeScorer codes, SignScorer? signs, in TruthScorer truth, in ScoreScale scale, ScanRule rule, WalkScratch scratch,
        AcceptBits accept, Span<Candidate> hits)
    {
        scratch.Watch.Allow(long.MaxValue);
        for (int pass = 0; pass < 2; pass++)
        {
            if (signs is SignScorer estimator)
            {
                AcceptedScan.Run(estimator, codes, scratch, accept, rule);
            }
            else
            {
                AcceptedScan.Run(codes, scratch, accept, rule);
            }
            int found = TruthRanking.RescoreScan(truth, scratch.Best, scale, hits, ref scratch.Counts, out bool isSure);
            if (isSure || !scale.IsExact || scratch.Watch.IsEnded)
            {
                return found;
            }
            rule = rule with { Most = (int)Math.Min(int.MaxValue / 4, (long)MoreRoom * rule.Most) };
        }
        return TruthRanking.Scan(truth.OfScan, accept, scratch, hits);
    }
}
