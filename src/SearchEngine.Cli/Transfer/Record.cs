using System.Text.Json;

namespace SearchEngine.Cli.Transfer;

/// <summary>One document of a file, before it is known what a collection takes of it. The vector without a name has the empty one.</summary>
internal sealed record Record(
    Wire.Id Id,
    IReadOnlyDictionary<string, string> Texts,
    IReadOnlyDictionary<string, float[]> Vectors,
    IReadOnlyDictionary<string, JsonElement> Attributes)
{
    private static readonly Dictionary<string, string> NoTexts = [];
    private static readonly Dictionary<string, JsonElement> NoAttributes = [];

    /// <summary>A row of a file that holds vectors and nothing else.</summary>
    public static Record OfRow(ulong number, float[] vector) => new(
        new Wire.Id { Number = number }, NoTexts, new Dictionary<string, float[]>(StringComparer.Ordinal) { [""] = vector }, NoAttributes);
}
