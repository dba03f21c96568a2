namespace SearchEngine.Collections.Writes;

/// <summary>An operation of a batch that was refused, and why.</summary>
public readonly record struct RefusedOperation(int Index, CollectionException Reason);
