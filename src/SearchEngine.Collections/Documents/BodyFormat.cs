using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Documents;

/// <summary>
/// The bytes of a document's attributes, texts and sparse vectors: version byte, length of the attribute part (uint32), attributes,
/// texts; behind them, where there are any, sparse vectors and the length of their part (uint32). Entries ascend by schema position,
/// each as the distance from the one before. The README of this folder has the layout.
/// </summary>
internal static class BodyFormat
{
    /// <summary>Of a body without sparse vectors.</summary>
    public const byte Version = 1;

    /// <summary>Of a body that ends with sparse vectors.</summary>
    public const byte VersionWithSparse = 2;
    public const int HeadBytes = 5;
    public const int TailBytes = sizeof(uint);

    /// <summary>On the type byte: an array.</summary>
    public const byte ArrayFlag = 0x80;

    /// <summary>As type byte in a patch: the value is removed.</summary>
    public const byte Removed = 0;

    public static bool IsKnown(AttributeType type) => type is >= AttributeType.Keyword and <= AttributeType.GeoPoint;

    public static ulong Folded(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Unfolded(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
