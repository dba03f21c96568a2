using System.Text;
using System.Text.Json;

namespace SearchEngine.Server.Configuration;

/// <summary>A JSON file of nested objects as keys with dots. Comments and trailing commas are fine; whatever is not known is refused.</summary>
internal static class ConfigurationFile
{
    private const int MaxBytes = 1 << 20;

    public static Dictionary<string, ConfiguredValue> Read(string path, IReadOnlyList<Setting> known)
    {
        byte[] json = Load(path);
        var found = new Dictionary<string, ConfiguredValue>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var names = new Stack<string>();
        string name = "";
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = string.Join('.', names.Reverse().Append(reader.GetString()!));
                        break;
                    case JsonTokenType.StartObject when reader.CurrentDepth > 0:
                        names.Push(name[(name.LastIndexOf('.') + 1)..]);
                        break;
                    case JsonTokenType.EndObject when names.Count > 0:
                        names.Pop();
                        break;
                    case JsonTokenType.String:
                        Add(found, path, LineOf(json, reader.TokenStartIndex), name, reader.GetString()!, known);
                        break;
                    case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                        Add(found, path, LineOf(json, reader.TokenStartIndex), name, Encoding.UTF8.GetString(reader.ValueSpan), known);
                        break;
                    case JsonTokenType.Null:
                        throw new ConfigurationException(path, LineOf(json, reader.TokenStartIndex), $"{name} is null.", "Leave it out to take the default.");
                    default:
                        break;
                }
            }
        }
        catch (JsonException wrong)
        {
            throw new ConfigurationException(path, (int)(wrong.LineNumber ?? 0) + 1, $"The file is no JSON: {wrong.Message}", "Repair it.", wrong);
        }
        catch (InvalidOperationException wrong)
        {
            throw new ConfigurationException(
                path, LineOf(json, reader.TokenStartIndex), $"There is a name or a value that is no text: {wrong.Message}", "Save the file as UTF-8.", wrong);
        }
        return found;
    }

    private static void Add(Dictionary<string, ConfiguredValue> found, string path, int line, string name, string value, IReadOnlyList<Setting> known)
    {
        Setting setting = known.FirstOrDefault(s => s.Key == name) ?? throw new ConfigurationException(
            path, line, $"There is no setting \"{name}\".", $"Did you mean \"{Spelling.Nearest(name, known.Select(static s => s.Key))}\"?");
        IReadOnlyList<string> before = found.TryGetValue(name, out ConfiguredValue? earlier) ? earlier.Values : [];
        if (before.Count > 0 && !setting.IsList)
        {
            throw new ConfigurationException(path, line, $"{name} is set twice, or to a list.", "Set it once, to one value.");
        }
        found[name] = new ConfiguredValue(setting, [.. before, value], $"{path}, line {line}");
    }

    private static int LineOf(ReadOnlySpan<byte> json, long position) => 1 + json[..(int)position].Count((byte)'\n');

    private static byte[] Load(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? File.ReadAllBytes(path)
                : throw new ConfigurationException(path, 0, $"The file has {length} bytes, at most {MaxBytes} are read.", "Is it the right file?");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(path, 0, $"The configuration cannot be read: {unreadable.Message}", "Name another file with --config.", unreadable);
        }
    }
}
