using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Attributes;

/// <summary>
/// One integer per value of an integer, float, bool or timestamp attribute, in the order of the values, so that one kind of
/// column and one kind of range serve them all.
/// </summary>
internal static class NumberKey
{
    public static bool Has(AttributeType type) => type is not (AttributeType.Keyword or AttributeType.GeoPoint);

    /// <summary>Of a stored value; other types than those that have keys give a number without meaning.</summary>
    public static long Of(AttributeType type, scoped in BodyItem item) => type switch
    {
        AttributeType.Float => OfFloat(item.Float),
        AttributeType.Bool => item.Bool ? 1 : 0,
        _ => item.Integer,
    };

    public static long Of(AttributeValue value) => value.Type switch
    {
        AttributeType.Float => OfFloat(value.Float),
        AttributeType.Integer or AttributeType.Timestamp => value.Integer,
        AttributeType.Bool => value.Bool ? 1 : 0,
        _ => throw new ArgumentException($"A value of type {value.Type} has no number.", nameof(value)),
    };

    /// <summary>Not a NaN. Both zeros have the key 0; -1, which the bits of -0 would give, is no number's key.</summary>
    public static long OfFloat(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0.0 : value);
        return bits >= 0 ? bits : bits ^ long.MaxValue;
    }

    public static AttributeValue Back(AttributeType type, long key) => type switch
    {
        AttributeType.Float => AttributeValue.OfFloat(BitConverter.Int64BitsToDouble(key >= 0 ? key : key ^ long.MaxValue)),
        AttributeType.Integer => AttributeValue.OfInteger(key),
        AttributeType.Timestamp => AttributeValue.OfTimestamp(key),
        AttributeType.Bool => AttributeValue.OfBool(key != 0),
        _ => throw new ArgumentException($"Values of type {type} have no numbers.", nameof(type)),
    };
}
