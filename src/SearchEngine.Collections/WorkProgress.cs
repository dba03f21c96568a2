namespace SearchEngine.Collections;

/// <summary>How far long work is.</summary>
/// <param name="Done">In units of the work: rows, bytes.</param>
/// <param name="Total">As far as is known now.</param>
public sealed record WorkProgress(long Done, long Total);
