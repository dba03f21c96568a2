namespace SearchEngine.Vectors;

/// <summary>What one coordinate of a stored row is. The values are written to files: never renumber them.</summary>
public enum ElementType : byte
{
    /// <summary>Truth: IEEE half precision, the caller's coordinates.</summary>
    Float16 = 1,

    /// <summary>Truth for callers whose data do not fit half precision.</summary>
    Float32 = 2,

    /// <summary>Truth of data that are already signed bytes.</summary>
    Int8 = 3,

    /// <summary>Code: a signed byte + 128, so that the unsigned operand of the dot instruction is the stored one.</summary>
    BiasedInt8 = 4,

    /// <summary>Code: one sign bit per coordinate with the factors of its estimate behind the bits.</summary>
    Sign = 5,

    /// <summary>Links and row numbers.</summary>
    UInt32 = 6,

    /// <summary>The row is a single opaque value of the caller.</summary>
    Opaque = 7,
}
