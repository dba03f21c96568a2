namespace SearchEngine.Collections.Writes;

/// <summary>An operation of a batch that was refused, and why.</summary>
public readonly record struct RefusedOperation(int Index, CollectionException Reason)
{
    /// <summary>The refusal of a batch: the first one's words, and all of them for who asks.</summary>
    internal static CollectionException All(IReadOnlyList<RefusedOperation> refused)
    {
        CollectionException first = refused[0].Reason;
        return new CollectionException(first.Error, first.Field, first.What, first.Fix, first)
        {
            Expected = first.Expected,
            Actual = first.Actual,
            Refused = refused,
        };
    }
}
