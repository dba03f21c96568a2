using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Catalog;

/// <summary>The catalog on the disk: one checksummed file, replaced by a rename, so that any number of aliases switch in one step.</summary>
internal sealed class CatalogFile(IFileLayer files, string root)
{
    private const string Kind = "catalog";
    private const string Section = "json";
    private const string Name = "CATALOG";

    private readonly string _path = Path.Combine(root, Name);

    /// <summary>An empty catalog for a store that has none yet.</summary>
    public CatalogContent Load()
    {
        if (!files.Exists(_path))
        {
            return CatalogContent.Empty;
        }
        using SectionFile file = SectionFile.Open(_path, Kind, SectionCheck.Everything);
        Stored stored = JsonSerializer.Deserialize(file.Section<byte>(Section), CatalogJson.Default.Stored)
            ?? throw StorageErrors.Damaged(_path, "it holds nothing");
        return new CatalogContent(
            stored.NextDirectory,
            stored.Collections.ToImmutableSortedDictionary(c => c.Name, c => c.Directory, StringComparer.Ordinal),
            stored.Aliases.ToImmutableSortedDictionary(a => a.Name, a => a, StringComparer.Ordinal));
    }

    public void Publish(CatalogContent content)
    {
        var stored = new Stored(
            content.NextDirectory, [.. content.Directories.Select(d => new StoredCollection(d.Key, d.Value))], [.. content.Aliases.Values]);
        string aside = _path + ".tmp";
        using (var writer = new SectionFileWriter(files, aside, Kind))
        {
            writer.Add<byte>(Section, JsonSerializer.SerializeToUtf8Bytes(stored, CatalogJson.Default.Stored));
            writer.Finish();
        }
        files.Rename(aside, _path);
        files.SyncDirectory(root);
    }

    internal sealed record Stored(ulong NextDirectory, IReadOnlyList<StoredCollection> Collections, IReadOnlyList<Alias> Aliases);

    internal sealed record StoredCollection(string Name, string Directory);
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(CatalogFile.Stored))]
internal sealed partial class CatalogJson : JsonSerializerContext;
