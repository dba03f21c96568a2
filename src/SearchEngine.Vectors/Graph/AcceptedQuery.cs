namespace SearchEngine.Vectors.Graph;

/// <summary>What is wanted of the accepted rows of one segment.</summary>
/// <param name="Rows">Rows of the segment.</param>
/// <param name="Accepted">How many of them are accepted; at least one.</param>
/// <param name="Wanted">Hits.</param>
/// <param name="Breadth">Of the walk.</param>
/// <param name="Rescore">Candidates that are rescored after a walk.</param>
/// <param name="Stop">Of the walk.</param>
/// <param name="CrossStop">Of a walk over accepted rows.</param>
/// <param name="Reach">How the margin of a walk over all rows shrinks.</param>
/// <param name="Scan">Of a scan.</param>
/// <param name="Budget">Rows that a walk may score before a scan is made instead.</param>
internal readonly record struct AcceptedQuery(
    int Rows, int Accepted, int Wanted, int Breadth, int Rescore, StopRule Stop, StopRule CrossStop, HitReach Reach, ScanRule Scan, long Budget)
{
    public double Share => (double)Accepted / Rows;
}
