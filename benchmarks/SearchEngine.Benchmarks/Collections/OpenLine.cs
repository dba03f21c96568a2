namespace SearchEngine.Benchmarks.Collections;

/// <summary>One opening of a large collection in a process of its own.</summary>
/// <param name="PageCache">dropped: nothing of the files was in memory; warm: what was written a moment ago still was.</param>
/// <param name="FirstAnswerMillis">From the name of the directory to the first hits.</param>
/// <param name="Right">Whether the first answer was the document whose vector was asked with.</param>
/// <param name="Recall">Of 50 searches at the default target, against exact ones of the same process.</param>
/// <param name="RssBytes">Of the process after its searches; anonymous memory and mapped files.</param>
/// <param name="WalkedBytes">Of links and codes, in memory.</param>
/// <param name="TruthBytes">Of exact vectors, in memory before the exact searches.</param>
internal sealed record OpenLine(
    string Type, string PageCache, long Documents, long DeadRows, int Segments, long LogBytes, double OpenMillis, double FirstAnswerMillis,
    bool Right, double Recall, long RssBytes, long RssAnonBytes, long RssFileBytes, long WalkedBytes, long TruthBytes);
