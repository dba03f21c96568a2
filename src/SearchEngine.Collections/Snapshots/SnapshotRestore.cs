using SearchEngine.Collections.Core;
using SearchEngine.Collections.Log;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Snapshots;

/// <summary>Makes a collection directory of a snapshot. Every byte is checked before anything of it is used.</summary>
internal static class SnapshotRestore
{
    public static void Run(
        string snapshot, string directory, string? expectedManifest, IFileLayer files, IProgress<WorkProgress>? progress, CancellationToken cancel)
    {
        if (!files.Exists(Path.Combine(snapshot, SnapshotManifest.FileName)))
        {
            throw new CollectionException(
                CollectionError.SnapshotUnknown, "source", "There is no snapshot at that place.", "Look at the list of snapshots.");
        }
        if (expectedManifest is not null
            && !string.Equals(SnapshotManifest.Sha256(snapshot, files), expectedManifest, StringComparison.OrdinalIgnoreCase))
        {
            throw new CollectionException(
                CollectionError.Checksum, "manifest_sha256",
                "The snapshot's manifest is not the one expected: it is another snapshot, or was changed.",
                "Restore the snapshot whose manifest you know.");
        }
        SnapshotManifest manifest = SnapshotManifest.Load(snapshot);
        long done = 0, total = manifest.Files.Sum(static file => file.Length);
        progress?.Report(new WorkProgress(done, total));
        foreach (SnapshotFile file in manifest.Files)
        {
            Verify(snapshot, file, files, cancel);
            progress?.Report(new WorkProgress(done += file.Length, total));
        }
        Place(manifest, snapshot, directory, files, cancel);
    }

    private static void Verify(string snapshot, SnapshotFile file, IFileLayer files, CancellationToken cancel)
    {
        string path = Inside(snapshot, file.Path);
        string? damage = !files.Exists(path) ? "it is missing"
            : LeadsElsewhere(snapshot, file.Path) ? "it is a link to somewhere else"
            : files.Length(path) != file.Length ? $"it has {files.Length(path)} bytes instead of {file.Length}"
            : FileChecksum.Of(files, path, cancel) != file.Checksum ? "its bytes are not those that were written"
            : null;
        if (damage is not null)
        {
            throw StorageErrors.Damaged(path, damage);
        }
    }

    private static void Place(SnapshotManifest manifest, string snapshot, string directory, IFileLayer files, CancellationToken cancel)
    {
        files.CreateDirectory(directory);
        try
        {
            var directories = new HashSet<string>(StringComparer.Ordinal) { directory };
            foreach (SnapshotFile file in manifest.Files)
            {
                cancel.ThrowIfCancellationRequested();
                string target = Inside(directory, file.Path);
                for (string parent = Path.GetDirectoryName(target)!; directories.Add(parent); parent = Path.GetDirectoryName(parent)!)
                {
                    files.CreateDirectory(parent);
                }
                files.Link(Inside(snapshot, file.Path), target);
            }
            // A snapshot has no log; without one, the collection would look like one that lost it.
            FileLog.Create(files, new CollectionPaths(directory).Log, manifest.Sequence);
            foreach (string made in directories)
            {
                files.SyncDirectory(made);
            }
            // Before a catalog can name it.
            files.SyncDirectory(Path.GetDirectoryName(directory)!);
        }
        catch
        {
            files.DeleteDirectory(directory);
            throw;
        }
    }

    // A second name would be made of the link, not of what was checked.
    private static bool LeadsElsewhere(string snapshot, string relative)
    {
        string path = Path.GetFullPath(snapshot);
        foreach (string part in relative.Split('/'))
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                return true;
            }
        }
        return false;
    }

    // The list may come from a stranger: a path in it must not lead out of the directory.
    private static string Inside(string directory, string relative)
    {
        string root = Path.GetFullPath(directory);
        string full = Path.GetFullPath(Path.Combine(root, relative));
        return full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !Path.IsPathRooted(relative)
            ? full
            : throw StorageErrors.Damaged(
                Path.Combine(directory, SnapshotManifest.FileName), $"it names a file outside of the snapshot: {relative}");
    }
}
