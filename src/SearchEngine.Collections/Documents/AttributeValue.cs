using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Documents;

/// <summary>A value of an attribute, or an array of values of one type. The default is null: no value.</summary>
public readonly struct AttributeValue : IEquatable<AttributeValue>
{
    private readonly object? _reference;
    private readonly long _bits;
    private readonly double _longitude;

    private AttributeValue(AttributeType type, object? reference, long bits, double longitude = 0)
    {
        Type = type;
        _reference = reference;
        _bits = bits;
        _longitude = longitude;
    }

    public static AttributeValue Null => default;

    /// <summary>The type of the value or of the array's elements; meaningless for null.</summary>
    public AttributeType Type { get; }

    public bool IsNull => Type == 0;

    public bool IsArray => _reference is AttributeValue[];

    public string Keyword => (string)_reference!;

    /// <summary>The number of an Integer, the microseconds since 1970 of a Timestamp.</summary>
    public long Integer => _bits;

    public double Float => BitConverter.Int64BitsToDouble(_bits);

    public bool Bool => _bits != 0;

    public GeoPoint Place => new(BitConverter.Int64BitsToDouble(_bits), _longitude);

    public ReadOnlySpan<AttributeValue> Items => (AttributeValue[])_reference!;

    public static AttributeValue OfKeyword(string value) => new(AttributeType.Keyword, value, 0);

    public static AttributeValue OfInteger(long value) => new(AttributeType.Integer, null, value);

    public static AttributeValue OfFloat(double value) => new(AttributeType.Float, null, BitConverter.DoubleToInt64Bits(value));

    public static AttributeValue OfBool(bool value) => new(AttributeType.Bool, null, value ? 1 : 0);

    /// <param name="micros">Microseconds since 1970, UTC.</param>
    public static AttributeValue OfTimestamp(long micros) => new(AttributeType.Timestamp, null, micros);

    public static AttributeValue OfPlace(GeoPoint place) =>
        new(AttributeType.GeoPoint, null, BitConverter.DoubleToInt64Bits(place.Latitude), place.Longitude);

    /// <param name="type">Type of every item; says the type of an empty array.</param>
    public static AttributeValue ArrayOf(AttributeType type, params AttributeValue[] items)
    {
        foreach (AttributeValue item in items)
        {
            if (item.Type != type || item.IsArray)
            {
                throw new ArgumentException($"An array of {type} cannot hold a value of type {item.Type}.", nameof(items));
            }
        }
        return new AttributeValue(type, items, 0);
    }

    public bool Equals(AttributeValue other)
    {
        if (Type != other.Type || IsArray != other.IsArray)
        {
            return false;
        }
        return IsArray
            ? Items.SequenceEqual(other.Items)
            : _bits == other._bits && _longitude.Equals(other._longitude) && (string?)_reference == (string?)other._reference;
    }

    public override bool Equals(object? obj) => obj is AttributeValue other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Type, _bits, _longitude, IsArray ? Items.Length : _reference?.GetHashCode() ?? 0);

    public override string ToString() => (Type, IsArray) switch
    {
        (0, _) => "null",
        (_, true) => "[" + string.Join(", ", Items.ToArray()) + "]",
        (AttributeType.Keyword, _) => $"\"{Keyword}\"",
        (AttributeType.Float, _) => Float.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        (AttributeType.Bool, _) => Bool ? "true" : "false",
        (AttributeType.GeoPoint, _) => Place.ToString(),
        _ => Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
