namespace SearchEngine.Vectors.Graph;

/// <summary>Which rows of a scan may still be hits, given how far scores of codes are from exact ones.</summary>
/// <param name="Hits">Wanted hits.</param>
/// <param name="Most">Rows kept for rescoring at most.</param>
/// <param name="Slack">A row this far below the last wanted hit cannot be one; int.MaxValue when that is not known.</param>
/// <param name="Floor">Score that no hit is to be below; int.MinValue for none.</param>
internal readonly record struct ScanRule(int Hits, int Most, int Slack, int Floor)
{
    /// <summary>Rows of this score or less are not kept.</summary>
    public int Bound(CandidatePool best)
    {
        long bound = best.IsFull ? best.WorstScore : int.MinValue;
        if (Slack != int.MaxValue)
        {
            long last = Math.Max(Floor, best.Count >= Hits ? best.ScoreAt(Hits - 1) : int.MinValue);
            // Both the last hit's code and the row's may be off.
            bound = Math.Max(bound, last - 2L * Slack - 1);
        }
        return (int)Math.Max(bound, int.MinValue);
    }
}
