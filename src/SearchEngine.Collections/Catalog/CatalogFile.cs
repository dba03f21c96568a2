using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Catalog;

/// <summary>
/// The catalog on the disk: a checksummed file, replaced by a rename, so that any number of aliases switch in one step; and a copy
/// of it, because every collection is found through it.
/// </summary>
internal sealed class CatalogFile(IFileLayer files, string root)
{
    private const string Kind = "catalog";
    private const string Section = "json";
    private const string Aside = ".tmp";

    private readonly string _path = Path.Combine(root, "CATALOG");
    private readonly string _copy = Path.Combine(root, "CATALOG.copy");

    /// <summary>An empty catalog for a store that has none yet.</summary>
    /// <param name="damage">What was found damaged; then the catalog may be the one before the last.</param>
    /// <exception cref="CollectionException">Checksum: neither the catalog nor its copy is whole.</exception>
    public CatalogContent Load(List<Quarantined> damage)
    {
        if (!files.Exists(_path) && !files.Exists(_copy))
        {
            return CatalogContent.Empty;
        }
        CatalogContent? found = TryRead(_path, damage);
        if (found is not null && !files.Exists(_copy))
        {
            // The first publication was cut short, or an older program wrote it.
            return found;
        }
        CatalogContent? copy = TryRead(_copy, damage);
        return found ?? copy ?? throw StorageErrors.Damaged(_path, "neither it nor its copy is whole");
    }

    /// <summary>Makes a catalog the one that a restart finds. When it throws, the old one is still in force.</summary>
    /// <returns>Null, or why a loss of power may bring the old one back.</returns>
    public Exception? Publish(CatalogContent content)
    {
        var stored = new Stored(
            content.NextDirectory, [.. content.Directories.Select(d => new StoredCollection(d.Key, d.Value))], [.. content.Aliases.Values]);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(stored, CatalogJson.Default.Stored);
        Write(_path + Aside, json);
        Write(_copy + Aside, json);
        files.Rename(_path + Aside, _path);
        try
        {
            files.Rename(_copy + Aside, _copy);
            files.SyncDirectory(root);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private static CatalogContent? TryRead(string path, List<Quarantined> damage)
    {
        try
        {
            using SectionFile file = SectionFile.Open(path, Kind, SectionCheck.Everything);
            Stored stored = JsonSerializer.Deserialize(file.Section<byte>(Section), CatalogJson.Default.Stored)
                ?? throw StorageErrors.Damaged(path, "it holds nothing");
            return new CatalogContent(
                stored.NextDirectory,
                stored.Collections.ToImmutableSortedDictionary(c => c.Name, c => c.Directory, StringComparer.Ordinal),
                stored.Aliases.ToImmutableSortedDictionary(a => a.Name, a => a, StringComparer.Ordinal));
        }
        catch (CollectionException damaged) when (damaged.Error == CollectionError.Checksum)
        {
            damage.Add(new Quarantined(Path.GetFileName(path), damaged.What, 0));
            return null;
        }
    }

    private void Write(string path, byte[] json)
    {
        using var writer = new SectionFileWriter(files, path, Kind);
        writer.Add<byte>(Section, json);
        writer.Finish();
    }

    internal sealed record Stored(ulong NextDirectory, IReadOnlyList<StoredCollection> Collections, IReadOnlyList<Alias> Aliases);

    internal sealed record StoredCollection(string Name, string Directory);
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(CatalogFile.Stored))]
internal sealed partial class CatalogJson : JsonSerializerContext;
