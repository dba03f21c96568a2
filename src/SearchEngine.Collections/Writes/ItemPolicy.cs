namespace SearchEngine.Collections.Writes;

/// <summary>What a batch does when one of its operations is refused.</summary>
public enum ItemPolicy
{
    /// <summary>Nothing is written.</summary>
    RefuseBatch,

    /// <summary>The others are written.</summary>
    SkipItem,
}
