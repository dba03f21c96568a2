using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Manifests on the disk: each in a file of its own, complete and synced before it gets its name, and in a copy, because everything
/// else is found through it. The newest that is whole counts, so a crash at any step leaves the old state or the new one.
/// </summary>
internal sealed class ManifestFile(string directory, IFileLayer files)
{
    private const string Prefix = "MANIFEST-";
    private const string CopySuffix = ".copy";
    private const string Aside = ".tmp";
    private const string Kind = "manifest";
    private const string Section = "json";

    public static string NameOf(ulong generation) => Prefix + generation.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>Makes a manifest the newest. Older ones stay until <see cref="RemoveBefore"/>.</summary>
    /// <returns>Null, or why it may not survive a loss of power: then what the older one names must stay as well.</returns>
    public Exception? Publish(ManifestContent content)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(content, ManifestJson.Default.ManifestContent);
        string path = Path.Combine(directory, NameOf(content.Generation));
        Write(path + Aside, json);
        Write(path + CopySuffix + Aside, json);
        files.Rename(path + Aside, path);
        // From here on a restart may find it.
        try
        {
            files.Rename(path + CopySuffix + Aside, path + CopySuffix);
            files.SyncDirectory(directory);
            return null;
        }
        catch (Exception failure) when (failure is IOException or CollectionException)
        {
            return failure;
        }
    }

    /// <summary>The newest manifest that is whole, and what is wrong with newer ones.</summary>
    /// <exception cref="CollectionException">Checksum: there is none.</exception>
    public ManifestContent Load(List<Quarantined> damage)
    {
        foreach (ulong generation in Generations().OrderDescending())
        {
            foreach (string name in new[] { NameOf(generation), NameOf(generation) + CopySuffix })
            {
                if (TryRead(Path.Combine(directory, name), damage) is { } content)
                {
                    return content;
                }
            }
        }
        throw StorageErrors.Damaged(
            directory, damage.Count == 0 ? "it has no manifest" : "none of its manifests is whole: " + string.Join(" ", damage.Select(d => d.Reason)));
    }

    /// <summary>Removes what a newer manifest has replaced.</summary>
    public void RemoveBefore(ulong generation)
    {
        foreach (ulong old in Generations().Where(g => g < generation))
        {
            files.Delete(Path.Combine(directory, NameOf(old)));
            files.Delete(Path.Combine(directory, NameOf(old) + CopySuffix));
        }
    }

    private static ManifestContent? TryRead(string path, List<Quarantined> damage)
    {
        try
        {
            using SectionFile file = SectionFile.Open(path, Kind, SectionCheck.Everything);
            return JsonSerializer.Deserialize(file.Section<byte>(Section), ManifestJson.Default.ManifestContent)
                ?? throw StorageErrors.Damaged(path, "it holds nothing");
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

    private IEnumerable<ulong> Generations() => files.List(directory)
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(static name => name.EndsWith(CopySuffix, StringComparison.Ordinal) ? name[..^CopySuffix.Length] : name)
        .Select(static name => ulong.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ulong generation) ? generation : 0)
        .Where(static generation => generation > 0)
        .Distinct();
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(ManifestContent))]
internal sealed partial class ManifestJson : JsonSerializerContext;
