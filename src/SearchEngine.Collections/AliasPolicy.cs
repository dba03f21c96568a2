namespace SearchEngine.Collections;

/// <summary>What dropping a collection does about aliases that point to it.</summary>
public enum AliasPolicy
{
    /// <summary>The drop is refused.</summary>
    Refuse,

    /// <summary>They are removed with it.</summary>
    Remove,
}
