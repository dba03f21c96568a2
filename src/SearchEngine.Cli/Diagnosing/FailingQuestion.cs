using System.Globalization;
using System.Text.Json;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Diagnosing;

/// <summary>A question and the passage that it should find.</summary>
/// <param name="Id">As it is written.</param>
/// <param name="Number">The id where a file says that it is a number.</param>
internal sealed record FailingQuestion(string Question, string Id, ulong? Number)
{
    private const int Most = 50;

    /// <summary>What the id may be: on a command line nobody says whether 7 is a number or a text.</summary>
    public IReadOnlyList<Wire.Id> Ids => Number is { } number ? [new Wire.Id { Number = number }]
        : ulong.TryParse(Id, NumberStyles.None, CultureInfo.InvariantCulture, out ulong either) ? [new Wire.Id { Text = Id }, new Wire.Id { Number = either }]
        : [new Wire.Id { Text = Id }];

    /// <exception cref="InputException">A line is not what it should be; the message says which and what.</exception>
    public static FailingQuestion[] Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"There is no file {path}.");
        bool isJson = Path.GetExtension(path).ToLowerInvariant() is ".jsonl" or ".ndjson" or ".json";
        FailingQuestion[] questions =
        [
            .. File.ReadLines(path).Take(Most + 1).Select((line, index) => (Line: line, Number: index + 1)).Where(line => line.Line.Length > 0)
                .Select(line => isJson ? OfJson(line.Line, path, line.Number) : OfColumns(line.Line, path, line.Number)),
        ];
        return questions.Length is > 0 and <= Most
            ? questions
            : throw new InputException(questions.Length == 0 ? $"{path} has no question." : $"{path} has more than {Most} questions; about five show what is wrong.");
    }

    private static FailingQuestion OfColumns(string line, string path, int number)
    {
        int tab = line.LastIndexOf('\t');
        return tab > 0 && tab < line.Length - 1
            ? new FailingQuestion(line[..tab], line[(tab + 1)..].Trim(), null)
            : throw new InputException($"{path}, line {number}: needs a question, a tab and an id.");
    }

    private static FailingQuestion OfJson(string line, string path, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("question", out JsonElement question)
                && question.ValueKind == JsonValueKind.String && document.RootElement.TryGetProperty("id", out JsonElement id))
            {
                if (id.ValueKind == JsonValueKind.Number && id.TryGetUInt64(out ulong value)) return new FailingQuestion(question.GetString()!, id.GetRawText(), value);
                if (id.ValueKind == JsonValueKind.String) return new FailingQuestion(question.GetString()!, id.GetString()!, null);
            }
        }
        catch (JsonException wrong)
        {
            throw new InputException($"{path}, line {number}: {wrong.Message}", wrong);
        }
        throw new InputException($"{path}, line {number}: needs {{\"question\": \"words\", \"id\": \"text or number\"}}.");
    }
}
