using System.Text.Json;
using System.Text.Json.Nodes;
using SearchEngine.Server.Configuration;

namespace SearchEngine.Server.Security;

/// <summary>The file of keys: read as a whole or not at all; a new key is appended by writing the file aside and renaming it.</summary>
public static class KeyFile
{
    private const int MaxBytes = 4 << 20;
    private const int MaxKeys = 10_000;
    private const string KeysName = "keys";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Makes a key, appends its hash to the file (which is made if missing), and returns the key: it is nowhere else.</summary>
    /// <exception cref="ConfigurationException">The file, or what is to be added, cannot be used; the file was not changed.</exception>
    public static string Add(string path, NewKey key)
    {
        JsonObject root = new() { [KeysName] = new JsonArray() };
        if (File.Exists(path))
        {
            byte[] before = ReadAll(path);
            Parse(path, before);
            root = JsonNode.Parse(before, documentOptions: Lenient)!.AsObject();
        }
        (string token, KeyHash hash) = KeyHash.Create();
        root[KeysName]!.AsArray().Add(key.ToJson(hash));
        byte[] after = JsonSerializer.SerializeToUtf8Bytes(root, Indented);
        Parse(path, after);
        string aside = path + ".tmp";
        var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using (var file = new FileStream(aside, mode))
        {
            file.Write(after);
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, path, overwrite: true);
        return token;
    }

    internal static KeyTable Read(string path) => Parse(path, ReadAll(path));

    private static byte[] ReadAll(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? File.ReadAllBytes(path)
                : throw new ConfigurationException(path, 0, $"The key file has {length} bytes, at most {MaxBytes} are possible.", "Is it the right file?");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(path, 0, $"The key file cannot be read: {unreadable.Message}", "Make one with `searchengine keys create`, or let the server read it.", unreadable);
        }
    }

    private static KeyTable Parse(string path, byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(KeysName, out JsonElement keys)
                || keys.ValueKind != JsonValueKind.Array)
            {
                throw new ConfigurationException(path, 1, "A key file is an object with the array \"keys\".", "Make one with `searchengine keys create`.");
            }
            if (keys.GetArrayLength() > MaxKeys)
            {
                throw new ConfigurationException(path, 0, $"The key file has {keys.GetArrayLength()} keys, at most {MaxKeys} are possible.", "Give several callers one key.");
            }
            return new KeyTable(Entries(path, json, keys));
        }
        catch (InvalidOperationException wrong)
        {
            throw new ConfigurationException(path, 0, $"The key file has a name that is no text: {wrong.Message}", "Save it as UTF-8.", wrong);
        }
        catch (JsonException wrong)
        {
            throw new ConfigurationException(path, (int)(wrong.LineNumber ?? 0) + 1, $"The key file is no JSON: {wrong.Message}", "Repair it.", wrong);
        }
    }

    private static List<KeyEntry> Entries(string path, byte[] json, JsonElement keys)
    {
        var entries = new List<KeyEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var subjects = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonElement key in keys.EnumerateArray())
        {
            try
            {
                KeyEntry entry = KeyReader.Read(key);
                if (!names.Add(entry.Name))
                {
                    throw new FormatException($"two keys are called \"{entry.Name}\"; names tell callers apart.");
                }
                if (entry.Certificate is { } subject && !subjects.Add(subject))
                {
                    throw new FormatException($"two keys have the certificate \"{subject}\".");
                }
                entries.Add(entry);
            }
            // Texts are decoded when they are asked for: bytes that are no UTF-8 show only then.
            catch (Exception wrong) when (wrong is FormatException or InvalidOperationException)
            {
                throw new ConfigurationException(
                    path, JsonLines.OfItem(json, KeysName, entries.Count), $"keys[{entries.Count}]: {wrong.Message}", "Repair the entry; the keys in force stay in force.", wrong);
            }
        }
        return entries;
    }
}
