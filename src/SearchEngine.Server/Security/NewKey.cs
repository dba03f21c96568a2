using System.Text.Json.Nodes;
using SearchEngine.Server.Configuration;

namespace SearchEngine.Server.Security;

/// <summary>What a key that is to be made will allow, in the words of the key file.</summary>
public sealed record NewKey
{
    /// <summary>Told to nobody but those who run the server: logs and metrics name callers by it.</summary>
    public required string Name { get; init; }

    /// <summary>"read", "write", "admin".</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>Names, or beginnings with a "*"; empty for all collections.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>JSON of the contract's Filter, added to all the caller reads and writes; null for none.</summary>
    public string? Filter { get; init; }

    /// <summary>Subject of a client certificate that stands for the key; null for none.</summary>
    public string? Certificate { get; init; }

    internal JsonObject ToJson(KeyHash hash)
    {
        var entry = new JsonObject { ["name"] = Name, ["hash"] = hash.ToString(), ["permissions"] = Array(Permissions) };
        if (Certificate is not null)
        {
            entry["certificate"] = Certificate;
        }
        if (Collections.Count > 0)
        {
            entry["collections"] = Array(Collections);
        }
        if (Filter is not null)
        {
            entry["filter"] = ParsedFilter(Filter);
        }
        return entry;
    }

    private static JsonArray Array(IReadOnlyList<string> values) => [.. values.Select(static v => JsonValue.Create(v))];

    private static JsonNode? ParsedFilter(string filter)
    {
        try
        {
            return JsonNode.Parse(filter);
        }
        catch (System.Text.Json.JsonException wrong)
        {
            throw new ConfigurationException("filter", 0, $"The filter is no JSON: {wrong.Message}", "Write it as in {\"must\":[{\"equalTo\":{\"attribute\":\"tenant\",\"value\":{\"keywordValue\":\"acme\"}}}]}.", wrong);
        }
    }
}
