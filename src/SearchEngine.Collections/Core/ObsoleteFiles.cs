using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Removes files when nothing needs them any more: neither a manifest that a restart may find, nor a reader. No removal fails anybody: what
/// is left is reported, and the next start removes it.
/// </summary>
internal sealed class ObsoleteFiles(CollectionPaths paths, IFileLayer files, CollectionHealth health)
{
    private readonly Lock _gate = new();

    /// <summary>Segments whose files go with their last reader.</summary>
    private readonly HashSet<ulong> _obsolete = [];

    /// <summary>
    /// What a manifest whose publication failed names beside the state in force: a restart may find that manifest, so it stays until
    /// another one is in force.
    /// </summary>
    private readonly List<(ulong Segment, string? DeadFile)> _doubtful = [];
    private bool _ended;

    /// <summary>A segment that was written for a manifest could not be opened: nothing of it is left.</summary>
    public void Unmade(ulong segment) => TryRemove(() => files.DeleteDirectory(paths.Segment(segment)));

    /// <summary>Lets go of a segment that was made for a manifest and is in none; its files go unless that is in doubt.</summary>
    public void Discard(DurableSegment made)
    {
        lock (_gate)
        {
            if (_doubtful.TrueForAll(d => d.Segment != made.Id))
            {
                _obsolete.Add(made.Id);
            }
        }
        made.Segment.Release();
    }

    /// <summary>It is open which manifest a restart finds: what only the new one names stays as well.</summary>
    public void Doubt(IEnumerable<DurableSegment> named)
    {
        lock (_gate)
        {
            _doubtful.AddRange(named.Select(static s => (s.Id, s.DeadFile)));
        }
    }

    /// <summary>A manifest is in force for sure: what only earlier ones named goes, segments with their last reader.</summary>
    public void Replace(IReadOnlyList<DurableSegment> old, IReadOnlyList<DurableSegment> inForce)
    {
        (ulong Segment, string? DeadFile)[] doubtful;
        lock (_gate)
        {
            doubtful = [.. _doubtful];
            _doubtful.Clear();
        }
        foreach (string name in old.Select(static s => s.DeadFile).Concat(doubtful.Select(static d => d.DeadFile))
            .Except(inForce.Select(static s => s.DeadFile)).OfType<string>())
        {
            TryRemove(() => files.Delete(Path.Combine(paths.Root, name)));
        }
        HashSet<ulong> named = [.. inForce.Select(static s => s.Id), .. old.Select(static s => s.Id)];
        foreach (ulong id in doubtful.Select(static d => d.Segment).Where(id => !named.Contains(id)).Distinct())
        {
            TryRemove(() => files.DeleteDirectory(paths.Segment(id)));
        }
        foreach (DurableSegment segment in old.Where(o => inForce.All(s => s.Id != o.Id)))
        {
            lock (_gate)
            {
                _obsolete.Add(segment.Id);
            }
            segment.Segment.Release();
        }
    }

    /// <summary>The last reader of a segment has ended, perhaps in a search, which must not fail because a file cannot be
    /// removed.</summary>
    public void Free(DocumentSegment segment)
    {
        segment.Dispose();
        lock (_gate)
        {
            if (!_ended && _obsolete.Remove(segment.Id))
            {
                TryRemove(() => files.DeleteDirectory(segment.Directory));
            }
        }
    }

    /// <summary>From here on readers that are left remove nothing: the directory may belong to somebody else already.</summary>
    /// <returns>False when it had ended before.</returns>
    public bool TryEnd()
    {
        lock (_gate)
        {
            return !_ended && (_ended = true);
        }
    }

    private void TryRemove(Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception failure)
        {
            health.Report(CollectionHealth.Removal, failure);
        }
    }
}
