using System.Text.Json;

namespace SearchEngine.Cli.Tests;

/// <summary>One line of the demo corpus.</summary>
internal sealed record DemoPassage(string Id, string Title, string Text, JsonElement Attributes)
{
    public int Words => Text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length;

    public string Attribute(string name) => Attributes.GetProperty(name).ToString();

    /// <summary>Equality, or for an attribute with several values that one of them is equal.</summary>
    public bool Has(string name, JsonElement value)
    {
        JsonElement own = Attributes.GetProperty(name);
        return own.ValueKind == JsonValueKind.Array
            ? own.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value))
            : JsonElement.DeepEquals(own, value);
    }
}
