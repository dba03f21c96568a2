using SearchEngine.Collections.Core;

namespace SearchEngine.Collections.Snapshots;

/// <summary>
/// A snapshot that is being taken of the state as it was at a checkpoint. It holds the segments of that state, so that merges may go on
/// and remove none of its files. Unless it is finished, nothing of it is left when it is disposed.
/// </summary>
internal sealed class SnapshotDraft : IDisposable
{
    private readonly CollectionState _state;
    private readonly string _name;
    private readonly string _directory;
    private readonly string _aside;
    private readonly Action<string, string> _place;
    private readonly SnapshotManifest _content;
    private readonly DurableSegment[] _segments;
    private readonly List<SnapshotFile> _listed = [];
    private IProgress<WorkProgress>? _progress;
    private long _done;
    private long _total;
    private bool _finished;
    private bool _disposed;

    /// <summary>On the upkeep thread, which alone changes the durable state.</summary>
    /// <param name="place">Puts a file at its new place: a link or a copy.</param>
    public SnapshotDraft(
        CollectionState state, string collection, DateTimeOffset taken, string name, string directory, Action<string, string> place)
    {
        _state = state;
        _name = name;
        _directory = directory;
        _aside = directory + SnapshotWriter.AsideSuffix;
        _place = place;
        _content = new SnapshotManifest(collection, taken, state.Durable.Sequence, state.Durable.Documents, _listed);
        _segments = [.. state.Durable.Segments];
        Array.ForEach(_segments, static s => s.Segment.Acquire());
    }

    /// <summary>Places what the next checkpoint may remove. On the upkeep thread.</summary>
    public void Begin(CancellationToken cancel)
    {
        _state.Files.CreateDirectory(_aside);
        foreach (string path in _state.Durable.SmallFiles())
        {
            Add(path, cancel);
        }
    }

    /// <summary>Places the segments, reads everything for its checksum, and makes the snapshot visible under its name. Any
    /// thread.</summary>
    /// <param name="progress">Told after each file: bytes that are in place and read.</param>
    public SnapshotDescription Finish(IProgress<WorkProgress>? progress, CancellationToken cancel)
    {
        _progress = progress;
        _total = _segments.Sum(static s => s.Segment.Value.DiskBytes);
        foreach (DurableSegment segment in _segments)
        {
            Add(Path.GetRelativePath(_state.Paths.Root, segment.Segment.Value.Directory), cancel);
        }
        progress?.Report(new WorkProgress(_done, _done));
        _content.Write(_aside, _state.Files);
        _state.Files.SyncDirectory(_aside);
        _state.Files.Rename(_aside, _directory);
        _finished = true;
        _state.Files.SyncDirectory(Path.GetDirectoryName(_directory)!);
        return _content.Describe(_name, _directory, _state.Files);
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        Array.ForEach(_segments, static s => s.Segment.Release());
        if (!_finished)
        {
            RemoveAside();
        }
    }

    private void Add(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        string source = Path.Combine(_state.Paths.Root, path);
        string target = Path.Combine(_aside, path);
        if (_state.Files.IsDirectory(source))
        {
            _state.Files.CreateDirectory(target);
            foreach (string entry in _state.Files.List(source))
            {
                Add(Path.Combine(path, entry), cancel);
            }
            _state.Files.SyncDirectory(target);
            return;
        }
        _state.Files.CreateDirectory(Path.GetDirectoryName(target)!);
        _place(source, target);
        var file = new SnapshotFile(
            path.Replace(Path.DirectorySeparatorChar, '/'), _state.Files.Length(target), FileChecksum.Of(_state.Files, target, cancel));
        _listed.Add(file);
        _done += file.Length;
        _progress?.Report(new WorkProgress(_done, Math.Max(_done, _total)));
    }

    // What stopped the writing is what the caller must hear.
    private void RemoveAside()
    {
        try
        {
            _state.Files.DeleteDirectory(_aside);
        }
        catch (Exception failure)
        {
            _state.Health.Report(CollectionHealth.Removal, failure);
        }
    }
}
