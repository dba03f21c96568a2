namespace SearchEngine.Vectors.Graph;

/// <summary>Which rows of a scan may still be hits, given how far scores of codes are from exact ones.</summary>
/// <param name="Hits">Wanted hits.</param>
/// <param name="Most">Rows kept for rescoring at most.</param>
/// <param name="Slack">How far the code of a row may be off, clipping apart; int.MaxValue when that is not known.</param>
/// <param name="ClippedPart">The part of its score by which the code of a row that is a hit may be too small as well.</param>
/// <param name="Floor">Score that no hit is to be below; int.MinValue for none.</param>
internal readonly record struct ScanRule(int Hits, int Most, int Slack, float ClippedPart, int Floor)
{
    /// <summary>Rows of this score or less are not kept.</summary>
    public int Bound(CandidatePool best)
    {
        long bound = best.IsFull ? best.WorstScore : int.MinValue;
        if (Slack != int.MaxValue)
        {
            long last = Math.Max(Floor, best.Count >= Hits ? best.ScoreAt(Hits - 1) : int.MinValue);
            // Both the last hit's code and the row's may be off; what is clipped of the last hit only makes it greater. Room for the clipping of
            // any row, on both sides, had a scan of 2,410 rows of 768 read 1,500 codes instead of 370 (2026-11-26).
            double clipped = ClippedPart * Math.Max(0, last + (double)Slack);
            bound = Math.Max(bound, last - 2L * Slack - (long)clipped - 2);
        }
        return (int)Math.Max(bound, int.MinValue);
    }
}
