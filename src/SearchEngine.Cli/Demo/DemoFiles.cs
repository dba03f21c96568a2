using System.Text.Json;
using System.Text.Json.Serialization;
using SearchEngine.Cli.Transfer;
using SearchEngine.Evaluation;

namespace SearchEngine.Cli.Demo;

/// <summary>The bundled corpus, as it lies beside the executable.</summary>
internal sealed class DemoFiles
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    public DemoFiles()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Demo", "data");
        Passages = [.. JsonRecords.Read(Path.Combine(folder, "passages.jsonl"))];
        Questions = [.. File.ReadLines(Path.Combine(folder, "questions.jsonl")).Select(line => JsonSerializer.Deserialize<Question>(line, Names)!)];
    }

    public IReadOnlyList<Record> Passages { get; }

    public IReadOnlyList<Question> Questions { get; }

    /// <summary>A question of a user, with the passages that answer it and, where there is one, a passage that only seems to.</summary>
    internal sealed record Question(string Id, string Text, string Kind, Answer[] Relevant, string? Distractor, Dictionary<string, JsonElement>? Filter)
    {
        [JsonIgnore]
        public Judgements Judgements { get; } = new(Relevant.Select(answer => KeyValuePair.Create(answer.Id, answer.Grade)));
    }

    internal sealed record Answer(string Id, int Grade);
}
