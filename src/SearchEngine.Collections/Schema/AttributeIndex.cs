namespace SearchEngine.Collections.Schema;

/// <summary>What filters can use for an attribute. The values are written to files: never renumber them.</summary>
public enum AttributeIndex : byte
{
    /// <summary>What the type needs for all of its conditions.</summary>
    Auto = 1,

    /// <summary>Stored and returned only; filters on it scan the stored documents, or are refused in strict collections.</summary>
    None = 2,

    /// <summary>Equality and sets.</summary>
    Postings = 3,

    /// <summary>Ranges, orders and distances.</summary>
    Sorted = 4,
}
