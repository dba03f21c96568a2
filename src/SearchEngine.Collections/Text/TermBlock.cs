namespace SearchEngine.Collections.Text;

/// <summary>What no posting of a run of postings of a word surpasses.</summary>
/// <param name="End">Place behind the last posting of the run.</param>
/// <param name="LastRow">Row of the last posting.</param>
/// <param name="MostFrequent">Occurrences in the text that has the most.</param>
/// <param name="Shortest">Words of the shortest text.</param>
internal readonly record struct TermBlock(int End, uint LastRow, uint MostFrequent, uint Shortest);
