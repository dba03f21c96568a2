using SearchEngine.Collections.Core;

namespace SearchEngine.Collections.Snapshots;

/// <summary>
/// Takes a snapshot: a checkpoint, then second names (or, for a backup, copies) of the files that the manifest names. What a later
/// checkpoint would remove is placed on the upkeep thread at once, as it is small; segments are held, and placed and read by a
/// <see cref="SnapshotDraft"/> while flushes and merges go on.
/// </summary>
internal sealed class SnapshotWriter(CollectionState state, string collection, TimeProvider clock)
{
    /// <summary>On one that is being taken.</summary>
    public const string AsideSuffix = ".tmp";

    /// <summary>On the upkeep thread.</summary>
    /// <param name="directory">Must not exist.</param>
    /// <param name="place">Puts a file at its new place: a link or a copy.</param>
    public SnapshotDraft Begin(string name, string directory, Action<string, string> place, CancellationToken cancel)
    {
        if (state.Files.Exists(directory))
        {
            throw Taken(name);
        }
        new Checkpoint(state).RunThroughNow(cancel);
        state.Files.DeleteDirectory(directory + AsideSuffix);
        var draft = new SnapshotDraft(state, collection, clock.GetUtcNow(), name, directory, place);
        try
        {
            draft.Begin(cancel);
            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    public static CollectionException Taken(string name) => new(
        CollectionError.SnapshotExists, "name", $"A snapshot \"{name}\" stands there already, or is being taken.",
        "Choose another name or delete it first.");
}
