using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>One stored value, read in place; which property means something follows from the attribute's type.</summary>
internal readonly ref struct BodyItem
{
    private readonly long _bits;
    private readonly double _longitude;

    private BodyItem(long bits, double longitude, ReadOnlySpan<byte> utf8)
    {
        _bits = bits;
        _longitude = longitude;
        Utf8 = utf8;
    }

    /// <summary>The bytes of a keyword.</summary>
    public ReadOnlySpan<byte> Utf8 { get; }

    /// <summary>The number of an Integer, the microseconds of a Timestamp.</summary>
    public long Integer => _bits;

    public double Float => BitConverter.Int64BitsToDouble(_bits);

    public bool Bool => _bits != 0;

    public GeoPoint Place => new(BitConverter.Int64BitsToDouble(_bits), _longitude);

    internal static BodyItem Read(scoped ref ByteCursor cursor, AttributeType type) => type switch
    {
        AttributeType.Keyword => new BodyItem(0, 0, cursor.ReadCounted()),
        AttributeType.Integer => new BodyItem(BodyFormat.Unfolded(cursor.ReadVarint()), 0, default),
        AttributeType.Bool => new BodyItem(cursor.ReadByte(), 0, default),
        AttributeType.Float or AttributeType.Timestamp => new BodyItem((long)cursor.ReadUInt64(), 0, default),
        AttributeType.GeoPoint => new BodyItem((long)cursor.ReadUInt64(), cursor.ReadDouble(), default),
        _ => throw ByteCursor.Malformed($"a value of type {(int)type}"),
    };

    internal AttributeValue Value(AttributeType type) => type switch
    {
        AttributeType.Keyword => AttributeValue.OfKeyword(System.Text.Encoding.UTF8.GetString(Utf8)),
        AttributeType.Integer => AttributeValue.OfInteger(Integer),
        AttributeType.Float => AttributeValue.OfFloat(Float),
        AttributeType.Bool => AttributeValue.OfBool(Bool),
        AttributeType.Timestamp => AttributeValue.OfTimestamp(Integer),
        _ => AttributeValue.OfPlace(Place),
    };
}
