using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>An attribute, text or sparse vector of a stored body, read in place.</summary>
internal interface IBodyEntry<TSelf>
    where TSelf : struct, IBodyEntry<TSelf>, allows ref struct
{
    /// <summary>What it is, in errors.</summary>
    static abstract string Kind { get; }

    /// <summary>How many of them a schema has at most.</summary>
    static abstract int Most { get; }

    /// <summary>In the schema's fields of its kind.</summary>
    int Position { get; }

    /// <summary>In a patch: the document shall no longer have it. Never in a body.</summary>
    bool IsRemoval { get; }

    /// <summary>Reads what stands behind its position.</summary>
    static abstract TSelf Read(scoped ref ByteCursor cursor, int position);

    /// <summary>Appends it as it was stored.</summary>
    void CopyTo(ref BodyWriter writer);
}
