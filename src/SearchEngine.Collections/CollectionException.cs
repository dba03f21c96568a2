using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections;

/// <summary>An operation was refused, and nothing was changed by it: says what, where, the limit and what to do.</summary>
public sealed class CollectionException : Exception
{
    public CollectionException(CollectionError error, string field, string what, string fix, Exception? inner = null)
        : base($"{what} {fix}", inner)
    {
        Error = error;
        Field = field;
        What = what;
        Fix = fix;
    }

    public CollectionError Error { get; }

    /// <summary>Path of the offending field within what was passed, as in "vectors.title"; empty when about none.</summary>
    public string Field { get; }

    /// <summary>One sentence: what is wrong, with the offending value (shortened) and the limit.</summary>
    public string What { get; }

    /// <summary>What was expected, for programs; null where it is not one value.</summary>
    public string? Expected { get; init; }

    /// <summary>What was there instead.</summary>
    public string? Actual { get; init; }

    /// <summary>Where a whole batch was refused: every operation that is to blame. Empty otherwise.</summary>
    public IReadOnlyList<RefusedOperation> Refused { get; init; } = [];

    /// <summary>One sentence: what to do about it.</summary>
    public string Fix { get; }
}
