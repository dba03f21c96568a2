namespace SearchEngine.Collections.Writes;

/// <summary>What became of a batch.</summary>
/// <param name="Sequence">Sequence of its last record: a view at or behind it has seen the batch.</param>
/// <param name="Applied">Operations that changed something.</param>
/// <param name="Versions">New version per operation in the batch's order; 0 for one that was refused or deleted.</param>
/// <param name="Refused">Operations that were refused, with their position.</param>
public sealed record WriteReport(
    ulong Sequence, int Applied, IReadOnlyList<ulong> Versions, IReadOnlyList<RefusedOperation> Refused);
