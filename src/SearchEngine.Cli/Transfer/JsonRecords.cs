using System.Text.Json;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Transfer;

/// <summary>
/// JSON lines. A line is an object with <c>id</c> or <c>_id</c>; <c>title</c> and <c>text</c> are texts, as are the members of
/// <c>texts</c>; <c>vector</c>, or the members of <c>vectors</c>, are vectors; the members of <c>attributes</c> or
/// <c>metadata</c> and whatever else stands in the object are attributes. The same form is what <c>export</c> writes.
/// </summary>
internal static class JsonRecords
{
    /// <summary>Characters of one line; a longer one is a wrong file rather than a document.</summary>
    private const int LongestLine = 32 << 20;

    private static readonly string[] TextNames = ["title", "text"];

    /// <exception cref="InputException">A line is not such an object; the message names file and line.</exception>
    public static IEnumerable<Record> Read(string path)
    {
        long number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length > LongestLine)
            {
                throw new InputException($"{path}, line {number}: has {line.Length} characters; {LongestLine} are read at most.");
            }
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return Parse(line, path, number);
            }
        }
    }

    private static Record Parse(string line, string path, long number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return Read(json.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            throw new InputException($"{path}, line {number}: {wrong.Message}", wrong);
        }
    }

    private static Record Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("a line has to be a JSON object.");
        }
        Wire.Id? id = null;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var vectors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var attributes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "id" or "_id":
                    id = ReadId(member.Value);
                    break;
                case "vector":
                    vectors[""] = Vector(member);
                    break;
                case "vectors":
                    Each(member, inner => vectors[inner.Name] = Vector(inner));
                    break;
                case "texts":
                    Each(member, inner => texts[inner.Name] = inner.Value.GetString() ?? "");
                    break;
                case "attributes" or "metadata":
                    Each(member, inner => attributes[inner.Name] = inner.Value.Clone());
                    break;
                default:
                    if (member.Value.ValueKind == JsonValueKind.String && TextNames.Contains(member.Name, StringComparer.Ordinal))
                        texts[member.Name] = member.Value.GetString()!;
                    else
                        attributes[member.Name] = member.Value.Clone();
                    break;
            }
        }
        return new Record(id ?? throw new FormatException("\"id\" (or \"_id\") is missing: a number or a text that names the document."), texts, vectors, attributes);
    }

    private static Wire.Id ReadId(JsonElement id) => id.ValueKind switch
    {
        JsonValueKind.Number => new Wire.Id { Number = id.GetUInt64() },
        JsonValueKind.String => new Wire.Id { Text = id.GetString() },
        _ => throw new FormatException("an id is a whole number from 0 on, or a text."),
    };

    private static void Each(JsonProperty parent, Action<JsonProperty> member)
    {
        if (parent.Value.ValueKind == JsonValueKind.Null) return;
        if (parent.Value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"\"{parent.Name}\" has to be an object with names.");
        }
        foreach (JsonProperty inner in parent.Value.EnumerateObject())
        {
            member(inner);
        }
    }

    private static float[] Vector(JsonProperty vector)
    {
        if (vector.Value.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"\"{vector.Name}\" has to be an array of numbers.");
        }
        var numbers = new float[vector.Value.GetArrayLength()];
        int at = 0;
        foreach (JsonElement number in vector.Value.EnumerateArray())
        {
            numbers[at++] = number.GetSingle();
        }
        return numbers;
    }
}
