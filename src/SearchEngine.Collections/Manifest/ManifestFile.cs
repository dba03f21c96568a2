using System.Globalization;
using System.Text;
using System.Text.Json;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Manifests;

/// <summary>Publishes and loads manifests: a file per generation, and CURRENT, switched by rename, that names the one in force.</summary>
internal static class ManifestFile
{
    private const string Kind = "manifest";
    private const string ContentSection = "content";
    private const string SettingsSection = "settings";
    private const int MaxCurrentBytes = 256;
    private const int MaxManifestBytes = 64 << 20;

    /// <summary>
    /// After it returns the manifest is in force, whatever happens. When it throws, the old or the new one is: nothing that
    /// either names may be removed, and the next attempt takes another generation.
    /// </summary>
    public static void Publish(string directory, Manifest manifest, IFileLayer files)
    {
        string name = StoreLayout.ManifestName(manifest.Generation);
        string path = Path.Combine(directory, name);
        if (files.Exists(path))
        {
            throw new InvalidOperationException($"{path} exists: every attempt to publish takes a new generation.");
        }

        WriteManifest(path + StoreLayout.AsideSuffix, manifest, files);
        files.Rename(path + StoreLayout.AsideSuffix, path);
        byte[] content = files.ReadAll(path, MaxManifestBytes);
        Write(path + StoreLayout.CopySuffix, content, files);
        // Before CURRENT can name it.
        files.SyncDirectory(directory);
        Switch(directory, name, BlockChecksum.Of(content), files);
        RemoveOlder(directory, manifest.Generation, files);
    }

    /// <summary>
    /// The manifest that CURRENT names, or the newest sound one when CURRENT or that file is damaged; null where nothing was
    /// ever published. Removes what interrupted work left behind, unless there is damage.
    /// </summary>
    /// <exception cref="CollectionException">Checksum: there are manifests, and none is sound.</exception>
    public static ManifestLoad? Load(string directory, IFileLayer files)
    {
        // Whoever renamed CURRENT may have been killed before this: a power failure must not bring the old one back later.
        files.SyncDirectory(directory);
        IReadOnlyList<string> names = files.List(directory);
        List<ulong> generations = [];
        foreach (string name in names)
        {
            if (StoreLayout.TryManifest(name, out ulong generation) && !files.IsDirectory(Path.Combine(directory, name)))
            {
                generations.Add(generation);
            }
        }

        bool hasCurrent = names.Contains(StoreLayout.Current);
        if (!hasCurrent && generations.Count == 0)
        {
            return null;
        }

        var findings = new List<DamageFinding>();
        Manifest manifest = hasCurrent
            ? Named(directory, files, findings) ?? Newest(directory, generations, findings)
            : WithoutCurrent(directory, generations, findings);
        var load = new ManifestLoad
        {
            Manifest = manifest,
            NextGeneration = Math.Max(manifest.Generation, generations.DefaultIfEmpty().Max()) + 1,
            Findings = findings,
        };
        ManifestLeftovers.Remove(directory, names, load, files);
        return load;
    }

    /// <summary>Reads every byte of the manifests in a directory.</summary>
    public static IReadOnlyList<DamageFinding> Scrub(string directory, IFileLayer files, CancellationToken cancel, IScrubObserver? observer = null) =>
        [.. files.List(directory)
            .Where(static name => StoreLayout.TryManifest(name, out _) || StoreLayout.IsManifestCopy(name))
            .SelectMany(name => SectionFile.Scrub(Path.Combine(directory, name), Kind, cancel, observer))];

    private static void WriteManifest(string path, Manifest manifest, IFileLayer files)
    {
        var content = new ManifestContent
        {
            Generation = manifest.Generation,
            Sequence = manifest.Sequence,
            Schema = manifest.Schema,
            Segments = manifest.Segments,
            Quarantined = manifest.Quarantined,
        };
        using var writer = new SectionFileWriter(files, path, Kind);
        writer.Add<byte>(ContentSection, JsonSerializer.SerializeToUtf8Bytes(content, StoredJson.Default.ManifestContent));
        writer.Add(SettingsSection, manifest.Settings.Span);
        writer.Finish();
    }

    private static void Switch(string directory, string name, ulong checksum, IFileLayer files)
    {
        string text = $"{name} {Hex(checksum)} ";
        text += Hex(BlockChecksum.Of(Encoding.ASCII.GetBytes(text))) + "\n";
        string path = Path.Combine(directory, StoreLayout.Current);
        Write(path + StoreLayout.AsideSuffix, Encoding.ASCII.GetBytes(text), files);
        files.Rename(path + StoreLayout.AsideSuffix, path);
        files.SyncDirectory(directory);
    }

    private static void Write(string path, ReadOnlySpan<byte> content, IFileLayer files)
    {
        using IWritableFile file = files.Create(path);
        file.Write(content);
        file.Sync();
    }

    /// <summary>The one before stays, should the new one be damaged before anything it names was removed.</summary>
    private static void RemoveOlder(string directory, ulong generation, IFileLayer files)
    {
        IReadOnlyList<string> names = files.List(directory);
        string? before = BeforeCurrent(names, generation);
        foreach (string name in names)
        {
            if (StoreLayout.TryManifest(name, out ulong found) && found < generation && name != before)
            {
                files.Delete(Path.Combine(directory, name));
                files.Delete(Path.Combine(directory, name + StoreLayout.CopySuffix));
            }
        }
    }

    /// <summary>The newest manifest before a generation; null when there is none.</summary>
    public static string? BeforeCurrent(IReadOnlyList<string> names, ulong generation) =>
        names.Where(name => StoreLayout.TryManifest(name, out ulong found) && found < generation).Max(StringComparer.Ordinal);

    private static Manifest? Named(string directory, IFileLayer files, List<DamageFinding> findings)
    {
        string path = Path.Combine(directory, StoreLayout.Current);
        try
        {
            // "name checksum checksum-of-the-line\n"
            string[] parts = Encoding.Latin1.GetString(files.ReadAll(path, MaxCurrentBytes)).Split(' ');
            bool sound = parts.Length == 3
                && parts[2] == Hex(BlockChecksum.Of(Encoding.Latin1.GetBytes($"{parts[0]} {parts[1]} "))) + "\n"
                && StoreLayout.TryManifest(parts[0], out _);
            if (!sound)
            {
                throw StorageErrors.Damaged(path, "it does not match its checksum");
            }

            path = Path.Combine(directory, parts[0]);
            return Sound(path, parts[1], files, findings) ?? Sound(path + StoreLayout.CopySuffix, parts[1], files, findings);
        }
        catch (CollectionException error) when (error.Error == CollectionError.Checksum)
        {
            findings.Add(new DamageFinding(path, error.What));
            return null;
        }
    }

    private static Manifest? Sound(string path, string checksum, IFileLayer files, List<DamageFinding> findings)
    {
        try
        {
            return Hex(BlockChecksum.Of(files.ReadAll(path, MaxManifestBytes))) == checksum
                ? Read(path)
                : throw StorageErrors.Damaged(path, "it is not the file that CURRENT names");
        }
        catch (CollectionException error) when (error.Error == CollectionError.Checksum)
        {
            findings.Add(new DamageFinding(path, error.What));
        }
        catch (FileNotFoundException)
        {
            findings.Add(new DamageFinding(path, "CURRENT names it and it is missing"));
        }

        return null;
    }

    private static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The first publication was interrupted, which is no damage, or CURRENT was lost.</summary>
    private static Manifest WithoutCurrent(string directory, List<ulong> generations, List<DamageFinding> findings)
    {
        if (generations.Count > 1)
        {
            findings.Add(new DamageFinding(Path.Combine(directory, StoreLayout.Current), "it is missing"));
        }

        return Newest(directory, generations, findings);
    }

    private static Manifest Newest(string directory, List<ulong> generations, List<DamageFinding> findings)
    {
        foreach (ulong generation in generations.OrderDescending())
        {
            string path = Path.Combine(directory, StoreLayout.ManifestName(generation));
            try
            {
                return Read(path);
            }
            catch (CollectionException error) when (error.Error == CollectionError.Checksum)
            {
                if (!findings.Exists(finding => finding.Path == path))
                {
                    findings.Add(new DamageFinding(path, error.What));
                }
            }
        }

        throw StorageErrors.Damaged(
            Path.Combine(directory, StoreLayout.Current),
            "no sound manifest is left: " + string.Join("; ", findings.Select(static f => f.What)));
    }

    private static Manifest Read(string path)
    {
        using SectionFile file = SectionFile.Open(path, Kind, SectionCheck.Everything);
        ManifestContent content;
        try
        {
            content = JsonSerializer.Deserialize(file.Section<byte>(ContentSection), StoredJson.Default.ManifestContent)
                ?? throw StorageErrors.Damaged(path, "its content is null");
        }
        catch (JsonException error)
        {
            throw StorageErrors.Damaged(path, $"its content cannot be read ({error.Message})", error);
        }

        Check(content, path);
        return new Manifest
        {
            Generation = content.Generation,
            Sequence = content.Sequence,
            Schema = content.Schema,
            Segments = content.Segments,
            Quarantined = content.Quarantined,
            Settings = file.Section<byte>(SettingsSection).ToArray(),
        };
    }

    private static void Check(ManifestContent content, string path)
    {
        foreach (SegmentEntry segment in content.Segments)
        {
            bool sound = segment.Rows >= 0 && segment.Dead >= 0 && segment.Dead <= segment.Rows
                && (segment.TombstoneFile is null || Path.GetFileName(segment.TombstoneFile) == segment.TombstoneFile);
            if (!sound)
            {
                throw StorageErrors.Damaged(
                    path, $"segment {segment.Id} has {segment.Dead} of {segment.Rows} rows dead, in {segment.TombstoneFile}");
            }
        }

        if (content.Schema.Vectors.Any(static v => v.Calibration is { IsSound: false }))
        {
            throw StorageErrors.Damaged(path, "a calibration in it has no curve, or one without points");
        }

        string name = Path.GetFileName(path);
        name = StoreLayout.IsManifestCopy(name) ? name[..^StoreLayout.CopySuffix.Length] : name;
        bool distinct = content.Segments.DistinctBy(static segment => segment.Id).Count() == content.Segments.Count;
        if (!distinct || name != StoreLayout.ManifestName(content.Generation))
        {
            throw StorageErrors.Damaged(path, $"it is generation {content.Generation}, or names a segment twice");
        }
    }
}
