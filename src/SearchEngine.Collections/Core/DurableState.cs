using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Core;

/// <summary>
/// What a restart starts from: the manifest and the files it names. Every row that was alive at its sequence is in them; the log has what
/// came later. Changed by upkeep alone.
/// </summary>
internal sealed class DurableState(CollectionPaths paths, IFileLayer files, Residency residency) : IDisposable
{
    private readonly List<QuarantineEntry> _aside = [];
    private readonly FilterCache _filterAnswers = new();

    /// <summary>Segments that a manifest may name although its publication failed: their files stay until a restart knows.</summary>
    private readonly HashSet<ulong> _undecided = [];
    private ulong _nextGeneration = 1;
    private ulong _nextSegment = 1;

    /// <summary>Everything up to it is in immutable segments.</summary>
    public ulong Sequence { get; private set; }

    public ulong Generation { get; private set; }

    public IReadOnlyList<DurableSegment> Segments { get; private set; } = [];

    /// <summary>Damage that was found, now or earlier: never used again by itself, for its documents may have been written again.</summary>
    public IReadOnlyCollection<Quarantined> Aside => [.. _aside.Select(static e => new Quarantined(e.Name, e.Reason, Lost(e)))];

    public long Documents => Segments.Sum(static s => (long)s.Dead.Rows - s.Dead.Count);

    /// <summary>Where the next segment is written.</summary>
    public (ulong Id, string Directory) Next()
    {
        ulong id = _nextSegment++;
        return (id, paths.Segment(id));
    }

    /// <summary>Opens a segment that was written; when its last holder lets go and no manifest names it, its files are removed.</summary>
    public DurableSegment Open(ulong id, CollectionSchema schema)
    {
        DocumentSegment opened = DocumentSegment.Open(paths.Segment(id), id, schema, new SegmentOpenOptions { Residency = residency });
        opened.FilterAnswers = _filterAnswers.Open();
        return new DurableSegment(id, new Shared<DocumentSegment>(opened, Free), DeadRows.None(opened.Count), null);
    }

    /// <summary>Writes dead rows of a segment for the next manifest.</summary>
    public DurableSegment WithDead(DurableSegment segment, DeadRows dead)
    {
        string name = StoreLayout.TombstoneName(segment.Id, _nextGeneration);
        DeadFile.Write(Path.Combine(paths.Root, name), dead, files);
        return segment with { Dead = dead, DeadFile = name };
    }

    /// <summary>
    /// Makes a new state the one that a restart starts from, then removes what only the old one named. When it throws, a restart may find
    /// either: nothing is removed, and this state stays as it was.
    /// </summary>
    public void Publish(ulong sequence, CollectionSchema schema, IReadOnlyList<DurableSegment> segments)
    {
        var manifest = new Manifest
        {
            Generation = _nextGeneration++,
            Sequence = sequence,
            Schema = schema,
            Segments = [.. segments.Select(static s => new SegmentEntry { Id = s.Id, Rows = s.Dead.Rows, Dead = s.Dead.Count, TombstoneFile = s.DeadFile })],
            Quarantined = [.. _aside],
        };
        try
        {
            ManifestFile.Publish(paths.Root, manifest, files);
        }
        catch
        {
            _undecided.UnionWith(segments.Select(static s => s.Id));
            throw;
        }
        IReadOnlyList<DurableSegment> old = Segments;
        Generation = manifest.Generation;
        Sequence = sequence;
        Segments = segments;
        Remove(old);
    }

    /// <summary>Keeps the knowledge of damage over restarts.</summary>
    public void SetAside(QuarantineEntry damage) => _aside.Add(damage);

    /// <summary>Takes over what the manifest names. A segment that cannot be opened is set aside.</summary>
    /// <returns>The schema, and whether anything was found damaged just now.</returns>
    public (CollectionSchema Schema, bool IsDamaged) Load()
    {
        ManifestLoad load = ManifestFile.Load(paths.Root, files) ?? throw StorageErrors.Damaged(paths.Root, "it has no manifest");
        Generation = load.Manifest.Generation;
        Sequence = load.Manifest.Sequence;
        _nextGeneration = load.NextGeneration;
        _nextSegment = NextSegment(load.Manifest);
        _aside.AddRange(load.Manifest.Quarantined);
        int known = _aside.Count;
        _aside.AddRange(load.Findings.Select(f => new QuarantineEntry { Name = Path.GetRelativePath(paths.Root, f.Path), Reason = f.What }));
        var segments = new List<DurableSegment>();
        foreach (SegmentEntry entry in load.Manifest.Segments)
        {
            if (TryOpen(entry, load.Manifest.Schema) is { } segment)
            {
                segments.Add(segment);
            }
        }
        Segments = segments;
        return (load.Manifest.Schema, _aside.Count > known);
    }

    /// <summary>Paths, relative to the collection, of everything the manifest names, itself included.</summary>
    public IEnumerable<string> Files()
    {
        yield return StoreLayout.Current;
        yield return StoreLayout.ManifestName(Generation);
        foreach (DurableSegment segment in Segments)
        {
            yield return StoreLayout.SegmentName(segment.Id);
            if (segment.DeadFile is { } name)
            {
                yield return name;
            }
        }
    }

    public void Dispose()
    {
        foreach (DurableSegment segment in Segments)
        {
            segment.Segment.Release();
        }
    }

    private static long Lost(QuarantineEntry entry) => entry.FirstLost == 0 ? 0 : (long)(entry.LastLost - entry.FirstLost + 1);

    // Without its dead rows a segment would give back what was deleted: then it is better set aside.
    private DurableSegment? TryOpen(SegmentEntry entry, CollectionSchema schema)
    {
        DurableSegment? opened = null;
        try
        {
            opened = Open(entry.Id, schema);
            if (opened.Dead.Rows != entry.Rows)
            {
                throw StorageErrors.Damaged(paths.Segment(entry.Id), $"it has {opened.Dead.Rows} documents, the manifest says {entry.Rows}");
            }
            return entry.TombstoneFile is not { } name
                ? opened
                : opened with { Dead = DeadFile.Read(Path.Combine(paths.Root, name), entry.Rows, entry.Dead), DeadFile = name };
        }
        catch (CollectionException damaged) when (damaged.Error == CollectionError.Checksum)
        {
            _undecided.Add(entry.Id);
            opened?.Segment.Release();
            SetAside(new QuarantineEntry { Name = StoreLayout.SegmentName(entry.Id), Reason = $"{damaged.What} It held {entry.Rows - entry.Dead} documents." });
            return null;
        }
    }

    // Ids are not used again while files of theirs may lie around.
    private ulong NextSegment(Manifest manifest)
    {
        ulong next = manifest.Segments.Select(static s => s.Id).DefaultIfEmpty().Max() + 1;
        while (files.Exists(paths.Segment(next)) || _aside.Exists(e => e.Name == StoreLayout.SegmentName(next)))
        {
            next++;
        }
        return next;
    }

    private void Remove(IReadOnlyList<DurableSegment> old)
    {
        foreach (string name in old.Select(static s => s.DeadFile).Except(Segments.Select(static s => s.DeadFile)).OfType<string>())
        {
            files.Delete(Path.Combine(paths.Root, name));
        }
        foreach (DurableSegment segment in old.Where(o => Segments.All(s => s.Id != o.Id)))
        {
            segment.Segment.Release();
        }
    }

    private void Free(DocumentSegment segment)
    {
        segment.Dispose();
        if (Segments.All(s => s.Id != segment.Id) && !_undecided.Contains(segment.Id))
        {
            files.DeleteDirectory(segment.Directory);
        }
    }
}
