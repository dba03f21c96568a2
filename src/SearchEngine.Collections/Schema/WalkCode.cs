namespace SearchEngine.Collections.Schema;

/// <summary>The compact form of a vector that walks rank by. The names are stored with the schema.</summary>
public enum WalkCode
{
    /// <summary>One byte a coordinate.</summary>
    Int8,

    /// <summary>One bit a coordinate; bytes rank what the walk has kept, once.</summary>
    Bit,

    /// <summary>Bits drop what cannot matter, bytes rank the rest.</summary>
    BitThenInt8,
}
