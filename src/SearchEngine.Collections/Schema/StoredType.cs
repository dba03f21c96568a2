namespace SearchEngine.Collections.Schema;

/// <summary>What exact scores of a vector are computed from. The names are stored with the schema.</summary>
public enum StoredType
{
    /// <summary>Half precision; becomes <see cref="Float32"/> by itself where the range of the vectors asks for it.</summary>
    Float16,

    Float32,

    /// <summary>For vectors that are whole numbers from -128 to 127 already.</summary>
    Int8,
}
