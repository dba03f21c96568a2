using SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search.Streaming;

/// <summary>
/// How many of the first hits of a moment will not change any more. Proved: nothing is left to search. Estimated: the segments done hold
/// a share of the matches, and the better a rank, the likelier its hit stands in that share; this takes documents to be spread over
/// segments without regard to the query. Scores that are estimates of codes are never final.
/// </summary>
internal readonly record struct FinalPrefix(int Length, Wire.FinalBasis Basis, float Error)
{
    /// <summary>Chance of a change up to which a prefix is still announced.</summary>
    public const double MostError = 0.1;

    /// <param name="moment">What has been found.</param>
    /// <param name="offset">Best hits that were skipped and have to stand as well.</param>
    public static FinalPrefix Of(SearchMoment moment, int offset)
    {
        if (!moment.IsExact || moment.Hits.Count == 0)
        {
            return default;
        }
        if (moment.IsFinal)
        {
            return new FinalPrefix(moment.Hits.Count, Wire.FinalBasis.Proved, 0);
        }
        // The best p of all matches are all among the searched ones: C(searched, p) / C(matches, p).
        double stands = 1;
        int length = 0;
        double error = 0;
        for (int rank = 0; rank < offset + moment.Hits.Count; rank++)
        {
            stands *= (double)Math.Max(0, moment.Searched - rank) / (moment.Matches - rank);
            if (1 - stands > MostError)
            {
                break;
            }
            if (rank >= offset)
            {
                length = rank - offset + 1;
                error = 1 - stands;
            }
        }
        return length == 0 ? default : new FinalPrefix(length, Wire.FinalBasis.Estimated, (float)error);
    }
}
