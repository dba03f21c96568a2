using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Transfer;

/// <summary>Records to the points of one collection: what its schema does not declare is a mistake, not something to leave out.</summary>
internal sealed class PointMap(Wire.CollectionConfig config)
{
    private const string Title = "title", Text = "text";

    private readonly Dictionary<string, Wire.AttributeType> _attributes =
        config.Attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Type, StringComparer.Ordinal);

    private readonly HashSet<string> _texts = new(config.Texts.Select(text => text.Name), StringComparer.Ordinal);

    /// <exception cref="InputException">The record does not fit; the message names its id and the field.</exception>
    public Wire.Point Of(Record record)
    {
        var point = new Wire.Point { Id = record.Id };
        foreach ((string name, string text) in record.Texts)
        {
            if (!_texts.Contains(name))
            {
                throw new InputException($"{Show(record.Id)}: the collection has no text field \"{name}\"; it has {List(_texts)}.");
            }
            point.Texts[name] = name == Text ? WithTitle(record, text) : text;
        }
        foreach ((string name, float[] vector) in record.Vectors)
        {
            if (name.Length == 0)
                point.Vector = Of(vector);
            else
                point.Vectors[name] = new Wire.AnyVector { Dense = Of(vector) };
        }
        foreach ((string name, JsonElement value) in record.Attributes)
        {
            if (value.ValueKind != JsonValueKind.Null)
            {
                point.Attributes[name] = Attribute(record.Id, name, value);
            }
        }
        return point;
    }

    public static Wire.Vector Of(ReadOnlySpan<float> vector) => new()
    {
        // Vectors travel little-endian, which is what this machine has: .NET runs on no other kind that we publish for.
        Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(vector)),
        ElementType = Wire.ElementType.Float32,
    };

    public static string Show(Wire.Id id) => id.KindCase == Wire.Id.KindOneofCase.Text
        ? id.Text
        : id.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // A passage is found by its title, too, as everywhere where BEIR's layout is used. Written once even if a file went through export.
    private string WithTitle(Record record, string text) =>
        record.Texts.TryGetValue(Title, out string? title) && title.Length > 0 && IsEncoded(Text) && !text.StartsWith(title, StringComparison.Ordinal)
            ? $"{title}\n{text}"
            : text;

    private bool IsEncoded(string field) => config.Vectors.Any(vector => vector.SourceTextField == field);

    private Wire.Value Attribute(Wire.Id id, string name, JsonElement value)
    {
        if (!_attributes.TryGetValue(name, out Wire.AttributeType type))
        {
            throw new InputException($"{Show(id)}: the collection has no attribute \"{name}\"; it has {List(_attributes.Keys)}.");
        }
        try
        {
            return AttributeValues.Read(value, type);
        }
        catch (Exception wrong) when (wrong is FormatException or InvalidOperationException)
        {
            throw new InputException($"{Show(id)}, attribute \"{name}\": {wrong.Message}", wrong);
        }
    }

    private static string List(IReadOnlyCollection<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
