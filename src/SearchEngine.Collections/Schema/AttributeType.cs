namespace SearchEngine.Collections.Schema;

/// <summary>The type of an attribute. The values are written to files: never renumber them.</summary>
public enum AttributeType : byte
{
    /// <summary>Text compared as a whole, by its UTF-8 bytes.</summary>
    Keyword = 1,

    /// <summary>A signed 64-bit integer.</summary>
    Integer = 2,

    /// <summary>A binary64 number; NaN is refused.</summary>
    Float = 3,

    Bool = 4,

    /// <summary>An instant in microseconds since 1970, UTC.</summary>
    Timestamp = 5,

    /// <summary>A place on the sphere.</summary>
    GeoPoint = 6,
}
