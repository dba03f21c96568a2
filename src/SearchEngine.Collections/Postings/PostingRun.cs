namespace SearchEngine.Collections.Postings;

/// <summary>A run of postings that share a bound. The two numbers that bound it mean what its scorer takes them for.</summary>
/// <param name="End">Place behind the last posting of the run.</param>
/// <param name="LastRow">Row of the last posting.</param>
/// <param name="Upper">Of words, occurrences in the text that has the most; of weights, the greatest.</param>
/// <param name="Lower">Of words, the length of the shortest text; of weights, the least.</param>
internal readonly record struct PostingRun(int End, uint LastRow, uint Upper, uint Lower);
