using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using SearchEngine.Collections.Filters;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Security;

/// <summary>Reads one entry of the key file. Whatever is not understood is refused: a misspelt restriction would restrict nothing.</summary>
internal static class KeyReader
{
    private const int MaxNameBytes = 128;
    private const int MaxCollections = 1_000;

    private static readonly string[] Known = ["name", "hash", "certificate", "permissions", "collections", "filter", "comment"];

    /// <exception cref="FormatException">The entry cannot be used.</exception>
    public static KeyEntry Read(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("an entry is an object.");
        }
        if (entry.EnumerateObject().Select(static p => p.Name).FirstOrDefault(static p => !Known.Contains(p)) is { } unknown)
        {
            throw new FormatException($"\"{unknown}\" means nothing; an entry has {string.Join(", ", Known)}.");
        }
        string name = Text(entry, "name") ?? throw new FormatException("\"name\" is missing.");
        if (Encoding.UTF8.GetByteCount(name) is 0 or > MaxNameBytes)
        {
            throw new FormatException($"\"name\" has 1 to {MaxNameBytes} bytes.");
        }
        KeyHash? hash = Text(entry, "hash") is { } text ? KeyHash.TryParse(text) ?? throw new FormatException("\"hash\" is none; `searchengine keys create` makes them.") : null;
        string? certificate = Text(entry, "certificate");
        if (hash is null && certificate is null)
        {
            throw new FormatException("neither \"hash\" nor \"certificate\" is there: nobody could use it.");
        }
        Permissions permissions = ReadPermissions(entry);
        string[] collections = Texts(entry, "collections");
        (Filter? filter, string filterText) = ReadFilter(entry);
        if (filter is not null && (permissions & Permissions.Admin) != 0)
        {
            throw new FormatException("a key with a filter cannot have the permission admin: it sees and changes whole collections.");
        }
        string meaning = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entry.GetRawText())));
        var caller = new Caller(name, permissions, filter, collections.Length == 0 ? null : new CollectionNames(collections))
        {
            Sight = meaning,
            InjectedText = filterText,
        };
        return new KeyEntry(hash, certificate, caller, meaning);
    }

    private static Permissions ReadPermissions(JsonElement entry)
    {
        Permissions permissions = Permissions.None;
        foreach (string one in Texts(entry, "permissions"))
        {
            permissions |= one switch
            {
                "read" => Permissions.Read,
                "write" => Permissions.Write,
                "admin" => Permissions.Admin,
                _ => throw new FormatException($"there is no permission \"{one}\"; there are read, write and admin."),
            };
        }
        return permissions != Permissions.None ? permissions : throw new FormatException("\"permissions\" names none of read, write and admin.");
    }

    // The text is made of what was understood: another layout of the file is no other filter.
    private static (Filter? Filter, string Text) ReadFilter(JsonElement entry)
    {
        if (!entry.TryGetProperty("filter", out JsonElement filter))
        {
            return (null, "");
        }
        try
        {
            Wire.Filter written = JsonParser.Default.Parse<Wire.Filter>(filter.GetRawText());
            Filter read = FilterMap.Read(written, "filter");
            return !read.IsEmpty ? (read, written.ToString()) : throw new FormatException("\"filter\" has no condition and would hide nothing; leave it out.");
        }
        catch (Exception wrong) when (wrong is InvalidProtocolBufferException or InvalidJsonException or RpcException)
        {
            throw new FormatException($"\"filter\" is no Filter of the contract: {wrong.Message}", wrong);
        }
    }

    private static string? Text(JsonElement entry, string name) => !entry.TryGetProperty(name, out JsonElement value)
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"\"{name}\" is no text.");

    private static string[] Texts(JsonElement entry, string name)
    {
        if (!entry.TryGetProperty(name, out JsonElement list))
        {
            return [];
        }
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxCollections
            || list.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.String || item.GetString()!.Length == 0))
        {
            throw new FormatException($"\"{name}\" is a list of 1 to {MaxCollections} texts.");
        }
        return [.. list.EnumerateArray().Select(static item => item.GetString()!)];
    }
}
