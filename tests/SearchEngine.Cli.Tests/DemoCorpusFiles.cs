using System.Text.Json;

namespace SearchEngine.Cli.Tests;

/// <summary>The files of the demo corpus as they lie beside the executable.</summary>
internal static class DemoCorpusFiles
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    public static string[] Paths { get; } = [At("passages.jsonl"), At("questions.jsonl"), At("marks.json")];

    public static DemoPassage[] Passages { get; } = Read<DemoPassage>("passages.jsonl");

    public static DemoQuestion[] Questions { get; } = Read<DemoQuestion>("questions.jsonl");

    public static JsonElement Marks { get; } = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(At("marks.json")));

    public static Dictionary<string, DemoPassage> ById { get; } = Passages.ToDictionary(passage => passage.Id, StringComparer.Ordinal);

    private static T[] Read<T>(string name) =>
        [.. File.ReadLines(At(name)).Select(line => JsonSerializer.Deserialize<T>(line, Names)!)];

    private static string At(string name) => Path.Combine(AppContext.BaseDirectory, "Demo", "data", name);
}
