using System.Text.Json;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>Appends one JSON object per line; a run that is cut off keeps the lines it has written.</summary>
internal sealed class JsonLines(FileInfo file)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public void Append<T>(T line)
    {
        file.Directory?.Create();
        using var stream = new FileStream(file.FullName, FileMode.Append, FileAccess.Write, FileShare.Read);
        using var writer = new StreamWriter(stream);
        writer.Write(Format(line) + "\n");
    }

    public static string Format<T>(T line) => JsonSerializer.Serialize(line, Names);

    public static T Parse<T>(string line) =>
        JsonSerializer.Deserialize<T>(line, Names) ?? throw new InvalidDataException($"Not a line of measurements: {line}");
}
