using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace SearchEngine.Cli.Transfer;

/// <summary>JSON values as attribute values, and back.</summary>
internal static class AttributeValues
{
    private static readonly string[] Instants =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    /// <exception cref="FormatException">The value is not of the type.</exception>
    public static Wire.Value Read(JsonElement json, Wire.AttributeType type)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return Single(json, type);
        }
        var list = new Wire.ValueList();
        list.Values.Add(json.EnumerateArray().Select(element => Single(element, type)));
        return new Wire.Value { ListValue = list };
    }

    /// <summary>What a value written on a command line may mean for an attribute of a type.</summary>
    public static Wire.Value Read(string text, Wire.AttributeType type)
    {
        bool quoted = type is Wire.AttributeType.Keyword or Wire.AttributeType.Timestamp;
        using var json = JsonDocument.Parse(quoted ? JsonSerializer.Serialize(text) : text);
        return Single(json.RootElement, type);
    }

    public static object? Write(Wire.Value value) => value.KindCase switch
    {
        Wire.Value.KindOneofCase.KeywordValue => value.KeywordValue,
        Wire.Value.KindOneofCase.IntegerValue => value.IntegerValue,
        Wire.Value.KindOneofCase.FloatValue => value.FloatValue,
        Wire.Value.KindOneofCase.BoolValue => value.BoolValue,
        Wire.Value.KindOneofCase.TimestampValue => value.TimestampValue.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        Wire.Value.KindOneofCase.GeoValue => new Dictionary<string, double> { ["lat"] = value.GeoValue.Latitude, ["lon"] = value.GeoValue.Longitude },
        Wire.Value.KindOneofCase.ListValue => value.ListValue.Values.Select(Write).ToArray(),
        _ => null,
    };

    public static bool IsInstant(string text) => TryInstant(text, out _);

    public static bool IsPlace(JsonElement json) => json.ValueKind == JsonValueKind.Object && Coordinate(json, "lat") is { } && Coordinate(json, "lon") is { };

    private static Wire.Value Single(JsonElement json, Wire.AttributeType type) => (type, json.ValueKind) switch
    {
        (Wire.AttributeType.Keyword, JsonValueKind.String) => new Wire.Value { KeywordValue = json.GetString() },
        (Wire.AttributeType.Keyword, JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) => new Wire.Value { KeywordValue = json.GetRawText() },
        (Wire.AttributeType.Integer, JsonValueKind.Number) => new Wire.Value { IntegerValue = json.GetInt64() },
        (Wire.AttributeType.Float, JsonValueKind.Number) => new Wire.Value { FloatValue = json.GetDouble() },
        (Wire.AttributeType.Bool, JsonValueKind.True or JsonValueKind.False) => new Wire.Value { BoolValue = json.GetBoolean() },
        (Wire.AttributeType.Timestamp, JsonValueKind.String) when TryInstant(json.GetString()!, out DateTimeOffset instant) =>
            new Wire.Value { TimestampValue = instant.ToTimestamp() },
        (Wire.AttributeType.GeoPoint, JsonValueKind.Object) when IsPlace(json) => new Wire.Value
        {
            GeoValue = new Wire.GeoPoint { Latitude = Coordinate(json, "lat")!.Value, Longitude = Coordinate(json, "lon")!.Value },
        },
        _ => throw new FormatException($"{json.GetRawText()} is no {Name(type)}."),
    };

    private static double? Coordinate(JsonElement place, string name) =>
        place.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static bool TryInstant(string text, out DateTimeOffset instant) => DateTimeOffset.TryParseExact(
        text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);

    private static string Name(Wire.AttributeType type) => type switch
    {
        Wire.AttributeType.Timestamp => "date such as 2026-11-26 or 2026-11-26T08:30:00Z",
        Wire.AttributeType.GeoPoint => "place such as {\"lat\": 52.5, \"lon\": 13.4}",
        _ => type.ToString().ToLowerInvariant(),
    };
}
