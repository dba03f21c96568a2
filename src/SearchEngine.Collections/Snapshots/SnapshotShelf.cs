using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Snapshots;

/// <summary>Where a store keeps its snapshots: by the collection they were taken of, and they stay when that is dropped.</summary>
internal sealed class SnapshotShelf(string root, IFileLayer files)
{
    public string DirectoryOf(string collection, string name)
    {
        string shelf = Path.Combine(root, collection);
        files.CreateDirectory(shelf);
        return Path.Combine(shelf, name);
    }

    public IReadOnlyList<SnapshotDescription> List()
    {
        if (!files.Exists(root))
        {
            return [];
        }
        var snapshots = new List<SnapshotDescription>();
        foreach (string collection in files.List(root))
        {
            string shelf = Path.Combine(root, collection);
            snapshots.AddRange(files.List(shelf)
                .Select(name => (Name: name, Directory: Path.Combine(shelf, name)))
                .Where(s => files.Exists(Path.Combine(s.Directory, SnapshotManifest.FileName)) && !s.Name.EndsWith(".tmp", StringComparison.Ordinal))
                .Select(s => SnapshotManifest.Load(s.Directory).Describe(s.Name, s.Directory, files)));
        }
        return [.. snapshots.OrderByDescending(static s => s.Taken)];
    }

    public void Delete(string collection, string name)
    {
        string directory = Path.Combine(root, collection, name);
        if (!files.Exists(directory))
        {
            throw new CollectionException(
                CollectionError.SnapshotUnknown, "name", $"Collection \"{collection}\" has no snapshot \"{name}\".", "Look at the list of snapshots.");
        }
        files.DeleteDirectory(directory);
    }
}
