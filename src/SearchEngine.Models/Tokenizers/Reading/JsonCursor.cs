using System.Globalization;
using System.Text.Json;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>A value of the file that knows its path, so that every complaint can name the place.</summary>
internal sealed record JsonCursor(JsonElement Value, string Path)
{
    private const string Root = "$";

    public bool IsNull => Value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>A property, or null where it is missing or null.</summary>
    public JsonCursor? Find(string name)
    {
        if (Value.ValueKind != JsonValueKind.Object)
        {
            throw Error($"is {Describe(Value.ValueKind)}, expected an object");
        }
        return Value.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null
            ? new JsonCursor(found, Path == Root ? name : $"{Path}.{name}")
            : null;
    }

    public JsonCursor Get(string name) => Find(name) ?? throw Error($"lacks \"{name}\"");

    public JsonCursor Item(int index) => new(Value[index], $"{Path}[{index.ToString(CultureInfo.InvariantCulture)}]");

    public IEnumerable<JsonCursor> Items(int limit)
    {
        var count = Value.ValueKind == JsonValueKind.Array
            ? Value.GetArrayLength()
            : throw Error($"is {Describe(Value.ValueKind)}, expected an array");
        RequireAtMost(count, limit);
        var index = 0;
        foreach (var item in Value.EnumerateArray())
        {
            yield return new JsonCursor(item, $"{Path}[{index++.ToString(CultureInfo.InvariantCulture)}]");
        }
    }

    /// <summary>Text, checked to be Unicode: JSON can spell a lone surrogate.</summary>
    public string Text()
    {
        if (Value.ValueKind != JsonValueKind.String)
        {
            throw Error($"is {Describe(Value.ValueKind)}, expected a string");
        }
        try
        {
            var text = Value.GetString()!;
            return CodePoints.FirstLoneSurrogate(text) < 0 ? text : throw Error("has a surrogate without its partner");
        }
        catch (InvalidOperationException fault)
        {
            throw new TokenizerException(Path, "The string is not Unicode.", fault);
        }
    }

    public string Text(int maxLength)
    {
        var text = Text();
        return text.Length <= maxLength ? text : throw Error($"has {text.Length} characters, {maxLength} are allowed");
    }

    public bool Flag() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error($"is {Describe(Value.ValueKind)}, expected true or false"),
    };

    public int Number(int limit)
    {
        if (Value.ValueKind != JsonValueKind.Number || !Value.TryGetInt32(out var number) || number < 0 || number >= limit)
        {
            throw Error($"is not an integer from 0 to {limit - 1}");
        }
        return number;
    }

    public double Real()
    {
        if (Value.ValueKind != JsonValueKind.Number || !Value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            throw Error("is not a finite number");
        }
        return number;
    }

    public bool Flag(string name, bool otherwise) => Find(name)?.Flag() ?? otherwise;

    public void RequireAtMost(int count, int limit)
    {
        if (count > limit)
        {
            throw Error($"has {count} entries, {limit} are allowed");
        }
    }

    /// <param name="fault">What is wrong with this value; the subject is the value.</param>
    public TokenizerException Error(string fault) => new(Path, $"The value {fault}.");

    public TokenizerException Unsupported(string what, string type, string supported) =>
        new(Path, $"The {what} \"{type}\" is not supported; supported are {supported}.");

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null or JsonValueKind.Undefined => "missing",
        _ => "true or false",
    };
}
