namespace SearchEngine.Benchmarks.Collections;

/// <summary>One opening of a large collection in a process of its own.</summary>
/// <param name="History">What happened to the collection since it was filled; <see cref="Filled"/>: nothing.</param>
/// <param name="PageCache">dropped: nothing of the files was in memory; warm: what was written a moment ago still was; populated: links and
/// codes were read into memory before the first search, so that the memory is the most that serving takes.</param>
/// <param name="SearchMicros">Processor time of a search of the default target, when they have all been asked before.</param>
/// <param name="FirstAnswerMillis">From the name of the directory to the first hits.</param>
/// <param name="Right">Whether the first answer was the document whose vector was asked with, and as many documents are there as were before.</param>
/// <param name="Recall">Of 50 searches at the default target, against exact ones of the same process.</param>
/// <param name="RssBytes">Of the process after its searches; anonymous memory, what the runtime's heap has of it, and mapped files.</param>
/// <param name="WalkedBytes">Of links and codes, in memory.</param>
/// <param name="TruthBytes">Of exact vectors, in the page cache after the searches; memory of the process only where they are mapped.</param>
internal sealed record OpenLine(
    string Type, string History, string PageCache, double SearchMicros, long Documents, long DeadRows, int Segments, long LogBytes, double OpenMillis, double FirstAnswerMillis,
    bool Right, double Recall, long RssBytes, long RssAnonBytes, long ManagedBytes, long RssFileBytes, long WalkedBytes, long TruthBytes)
{
    public const string Filled = "filled";
    public const string Dropped = "dropped";
    public const string Warm = "warm";
    public const string Populated = "populated";
}
