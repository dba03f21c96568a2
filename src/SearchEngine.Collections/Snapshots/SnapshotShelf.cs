using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Snapshots;

/// <summary>Where a store keeps its snapshots: by the collection they were taken of, and they stay when that is dropped.</summary>
internal sealed class SnapshotShelf(string store, IFileLayer files)
{
    private readonly string _root = Path.Combine(store, StoreLayout.Snapshots);

    public string DirectoryOf(string collection, string name)
    {
        if (name.EndsWith(SnapshotWriter.AsideSuffix, StringComparison.Ordinal))
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "name",
                $"Names of snapshots do not end with \"{SnapshotWriter.AsideSuffix}\": unfinished ones do.", "Choose another name.");
        }
        string shelf = Path.Combine(_root, collection);
        // Always: whoever made it may have been killed before it was synced.
        files.CreateDirectory(shelf);
        files.SyncDirectory(_root);
        files.SyncDirectory(store);
        return Path.Combine(shelf, name);
    }

    /// <summary>All of them, the newest first; one whose list of files is damaged says so and comes last.</summary>
    public IReadOnlyList<SnapshotDescription> List()
    {
        var snapshots = new List<SnapshotDescription>();
        foreach (string collection in Directories(_root))
        {
            foreach (string name in Directories(Path.Combine(_root, collection)))
            {
                string directory = Path.Combine(_root, collection, name);
                if (!name.EndsWith(SnapshotWriter.AsideSuffix, StringComparison.Ordinal)
                    && files.Exists(Path.Combine(directory, SnapshotManifest.FileName)))
                {
                    snapshots.Add(Describe(collection, name, directory));
                }
            }
        }
        return [.. snapshots.OrderByDescending(static s => s.Taken)];
    }

    public void Delete(string collection, string name)
    {
        string directory = Path.Combine(_root, collection, name);
        if (!files.Exists(directory))
        {
            throw new CollectionException(
                CollectionError.SnapshotUnknown, "name", $"Collection \"{collection}\" has no snapshot \"{name}\".",
                "Look at the list of snapshots.");
        }
        files.DeleteDirectory(directory);
    }

    private SnapshotDescription Describe(string collection, string name, string directory)
    {
        try
        {
            return SnapshotManifest.Load(directory).Describe(name, directory, files);
        }
        catch (CollectionException damaged) when (damaged.Error == CollectionError.Checksum)
        {
            return new SnapshotDescription(name, collection, directory, default, 0, 0, 0, "") { Damage = damaged.What };
        }
    }

    private IEnumerable<string> Directories(string directory) =>
        files.Exists(directory) ? files.List(directory).Where(name => files.IsDirectory(Path.Combine(directory, name))) : [];
}
