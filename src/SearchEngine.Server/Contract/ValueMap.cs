using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Contract;

/// <summary>Values of attributes, both ways. Whether a type fits the attribute is for the engine to say.</summary>
internal static class ValueMap
{
    public const int MaxKeywordBytes = 4_096;

    private const int MaxListed = 1_024;
    private const long MicrosPerSecond = 1_000_000;
    private const int NanosPerMicro = 1_000;

    // Years 1 to 9999, in seconds since 1970.
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    /// <param name="value">Null is refused as unset.</param>
    /// <param name="declared">Type of the attribute, which an empty list does not tell; null when there is none.</param>
    /// <param name="path">Of the value.</param>
    public static AttributeValue Read(Wire.Value? value, AttributeType? declared, string path)
    {
        switch (value?.KindCase)
        {
            case Wire.Value.KindOneofCase.KeywordValue:
                int bytes = System.Text.Encoding.UTF8.GetByteCount(value.KeywordValue);
                return bytes <= MaxKeywordBytes
                    ? AttributeValue.OfKeyword(value.KeywordValue)
                    : throw Refusal.Limit(path, bytes, MaxKeywordBytes, "bytes", "Use a shorter keyword, for example a hash of it, or a text field.");
            case Wire.Value.KindOneofCase.IntegerValue:
                return AttributeValue.OfInteger(value.IntegerValue);
            case Wire.Value.KindOneofCase.FloatValue:
                return AttributeValue.OfFloat(value.FloatValue);
            case Wire.Value.KindOneofCase.BoolValue:
                return AttributeValue.OfBool(value.BoolValue);
            case Wire.Value.KindOneofCase.TimestampValue:
                return AttributeValue.OfTimestamp(Micros(value.TimestampValue, path));
            case Wire.Value.KindOneofCase.GeoValue:
                return AttributeValue.OfPlace(Read(value.GeoValue));
            case Wire.Value.KindOneofCase.ListValue:
                return List(value.ListValue, declared, path);
            case Wire.Value.KindOneofCase.NullValue:
                return AttributeValue.Null;
            default:
                throw Refusal.Required(path, "Set exactly one kind of value.");
        }
    }

    public static GeoPoint Read(Wire.GeoPoint place) => new(place.Latitude, place.Longitude);

    public static Wire.Value Write(AttributeValue value)
    {
        if (value.IsNull)
        {
            return new Wire.Value { NullValue = NullValue.NullValue };
        }
        if (value.IsArray)
        {
            var list = new Wire.ValueList();
            foreach (AttributeValue item in value.Items)
            {
                list.Values.Add(Write(item));
            }
            return new Wire.Value { ListValue = list };
        }
        return value.Type switch
        {
            AttributeType.Keyword => new Wire.Value { KeywordValue = value.Keyword },
            AttributeType.Integer => new Wire.Value { IntegerValue = value.Integer },
            AttributeType.Float => new Wire.Value { FloatValue = value.Float },
            AttributeType.Bool => new Wire.Value { BoolValue = value.Bool },
            AttributeType.Timestamp => new Wire.Value { TimestampValue = Instant(value.Integer) },
            AttributeType.GeoPoint => new Wire.Value
            {
                GeoValue = new Wire.GeoPoint { Latitude = value.Place.Latitude, Longitude = value.Place.Longitude },
            },
            _ => throw new ArgumentException($"A value of type {value.Type} has no form in the contract.", nameof(value)),
        };
    }

    private static AttributeValue List(Wire.ValueList list, AttributeType? declared, string path)
    {
        if (list.Values.Count > MaxListed)
        {
            throw Refusal.Limit(path, list.Values.Count, MaxListed, "values", "Store fewer values per attribute.");
        }
        var items = new AttributeValue[list.Values.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = Read(list.Values[i], null, $"{path}.list_value.values[{i}]");
            if (items[i].IsNull || items[i].IsArray || items[i].Type != items[0].Type)
            {
                throw Refusal.Invalid(
                    $"{path}.list_value.values[{i}]", "The values of a list are all of one kind, neither lists nor nulls.", "Send values of the attribute's type.",
                    items[i].IsArray ? "a list" : items[i].IsNull ? "null" : items[i].Type.ToString());
            }
        }
        return AttributeValue.ArrayOf(items.Length > 0 ? items[0].Type : declared ?? AttributeType.Keyword, items);
    }

    // Whole microseconds, a finer part dropped: nanoseconds are never negative, so this rounds towards the past.
    private static long Micros(Timestamp instant, string path)
    {
        if (instant.Seconds is < FirstSecond or > LastSecond || instant.Nanos is < 0 or > 999_999_999)
        {
            throw Refusal.Invalid(
                path, "The instant is not in the years 1 to 9999.", "Send seconds and nanoseconds of an instant in these years.",
                string.Create(CultureInfo.InvariantCulture, $"{instant.Seconds} s {instant.Nanos} ns"), "years 1 to 9999");
        }
        return instant.Seconds * MicrosPerSecond + instant.Nanos / NanosPerMicro;
    }

    private static Timestamp Instant(long micros)
    {
        (long seconds, long rest) = Math.DivRem(micros, MicrosPerSecond);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + MicrosPerSecond);
        }
        return new Timestamp { Seconds = seconds, Nanos = (int)rest * NanosPerMicro };
    }
}
