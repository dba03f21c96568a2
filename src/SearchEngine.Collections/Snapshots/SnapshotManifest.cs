using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Snapshots;

/// <summary>The list of a snapshot's files with the checksum of each whole file: one flipped bit anywhere is found.</summary>
internal sealed record SnapshotManifest(
    string Collection, DateTimeOffset Taken, ulong Sequence, long Documents, IReadOnlyList<SnapshotFile> Files)
{
    public const string FileName = "SNAPSHOT";

    private const string Kind = "snapshot";
    private const string Section = "json";
    private const int MaxBytes = 64 << 20;

    public static SnapshotManifest Load(string directory)
    {
        string path = Path.Combine(directory, FileName);
        using SectionFile file = SectionFile.Open(path, Kind, SectionCheck.Everything);
        try
        {
            SnapshotManifest? read = JsonSerializer.Deserialize(file.Section<byte>(Section), SnapshotJson.Default.SnapshotManifest);
            return read is { Files: not null } manifest
                && manifest.Files.All(static f => f?.Path is not null) && manifest.Collection is not null
                ? manifest
                : throw StorageErrors.Damaged(path, "it lists nothing");
        }
        catch (JsonException error)
        {
            // Its checksum is right: somebody has made it.
            throw StorageErrors.Damaged(path, $"its content cannot be read ({error.Message})", error);
        }
    }

    public static string Sha256(string directory, IFileLayer files) =>
        Convert.ToHexStringLower(SHA256.HashData(files.ReadAll(Path.Combine(directory, FileName), MaxBytes)));

    public void Write(string directory, IFileLayer files)
    {
        using var writer = new SectionFileWriter(files, Path.Combine(directory, FileName), Kind);
        writer.Add<byte>(Section, JsonSerializer.SerializeToUtf8Bytes(this, SnapshotJson.Default.SnapshotManifest));
        writer.Finish();
    }

    public SnapshotDescription Describe(string name, string directory, IFileLayer files) =>
        new(name, Collection, directory, Taken, Sequence, Documents, Files.Sum(static f => f.Length), Sha256(directory, files));
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(SnapshotManifest))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
