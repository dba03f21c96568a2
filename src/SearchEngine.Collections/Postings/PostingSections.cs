namespace SearchEngine.Collections.Postings;

/// <summary>Names of the sections that hold the postings of one field or vector.</summary>
/// <param name="Starts">i32 per part and one more: its first posting.</param>
/// <param name="RunStarts">i32 per part and one more: its first run.</param>
/// <param name="Rows">u32 per posting.</param>
/// <param name="Values">u32 per posting.</param>
/// <param name="Uppers">u32 per run, <see cref="PostingRun.Upper"/>.</param>
/// <param name="Lowers">u32 per run, <see cref="PostingRun.Lower"/>.</param>
internal sealed record PostingSections(string Starts, string RunStarts, string Rows, string Values, string Uppers, string Lowers)
{
    /// <summary>Postings of a field or vector: their places are i32.</summary>
    public const long MaxPairs = int.MaxValue;

    /// <summary>Postings of a run that share a bound.</summary>
    public const int RunPostings = 128;
}
