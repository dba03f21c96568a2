namespace SearchEngine.Collections.Log;

/// <summary>What of a file a reader reads, as it was when the reader began.</summary>
/// <param name="Stretches">Where its records are.</param>
/// <param name="From">A place before the first record that is wanted.</param>
internal readonly record struct LogPart(LogFile File, (long From, long To)[] Stretches, long From);
