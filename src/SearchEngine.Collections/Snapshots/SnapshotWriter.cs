using SearchEngine.Collections.Core;

namespace SearchEngine.Collections.Snapshots;

/// <summary>
/// Takes a snapshot: a checkpoint, then second names (or, for a backup, copies) of the files that the manifest names. Runs on
/// the upkeep thread, so that no merge removes a file meanwhile.
/// </summary>
internal sealed class SnapshotWriter(CollectionState state, string collection, TimeProvider clock)
{
    /// <summary>On one that is being taken.</summary>
    public const string AsideSuffix = ".tmp";

    /// <param name="directory">Must not exist.</param>
    /// <param name="place">Puts a file at its new place: a link or a copy.</param>
    public SnapshotDescription Run(string name, string directory, Action<string, string> place, CancellationToken cancel)
    {
        if (state.Files.Exists(directory))
        {
            throw new CollectionException(
                CollectionError.SnapshotExists, "name", $"A snapshot \"{name}\" stands there already.", "Choose another name or delete it first.");
        }
        new Checkpoint(state).Run(cancel);
        string aside = directory + AsideSuffix;
        state.Files.DeleteDirectory(aside);
        try
        {
            return Write(name, directory, aside, place, cancel);
        }
        catch
        {
            Remove(aside);
            throw;
        }
    }

    // What stopped the writing is what the caller must hear.
    private void Remove(string aside)
    {
        try
        {
            state.Files.DeleteDirectory(aside);
        }
        catch (Exception failure)
        {
            state.Health.Report(CollectionHealth.Removal, failure);
        }
    }

    private SnapshotDescription Write(string name, string directory, string aside, Action<string, string> place, CancellationToken cancel)
    {
        state.Files.CreateDirectory(aside);
        var listed = new List<SnapshotFile>();
        foreach (string path in state.Durable.Files())
        {
            cancel.ThrowIfCancellationRequested();
            Add(path, aside, place, listed, cancel);
        }
        var manifest = new SnapshotManifest(collection, clock.GetUtcNow(), state.Durable.Sequence, state.Durable.Documents, listed);
        manifest.Write(aside, state.Files);
        state.Files.SyncDirectory(aside);
        state.Files.Rename(aside, directory);
        state.Files.SyncDirectory(Path.GetDirectoryName(directory)!);
        return manifest.Describe(name, directory, state.Files);
    }

    private void Add(string path, string aside, Action<string, string> place, List<SnapshotFile> listed, CancellationToken cancel)
    {
        string source = Path.Combine(state.Paths.Root, path);
        string target = Path.Combine(aside, path);
        if (state.Files.IsDirectory(source))
        {
            state.Files.CreateDirectory(target);
            foreach (string entry in state.Files.List(source))
            {
                Add(Path.Combine(path, entry), aside, place, listed, cancel);
            }
            state.Files.SyncDirectory(target);
            return;
        }
        state.Files.CreateDirectory(Path.GetDirectoryName(target)!);
        place(source, target);
        listed.Add(new SnapshotFile(
            path.Replace(Path.DirectorySeparatorChar, '/'), state.Files.Length(target), FileChecksum.Of(state.Files, target, cancel)));
    }
}
