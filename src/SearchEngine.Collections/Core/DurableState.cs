using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>
/// What a restart starts from: the manifest and the files it names. Every row that was alive at its sequence is in them; the log has what
/// came later. Changed by upkeep alone; <see cref="ObsoleteFiles"/> knows when files of earlier states go.
/// </summary>
internal sealed class DurableState(CollectionPaths paths, IFileLayer files, CollectionSettings settings, CollectionHealth health) : IDisposable
{
    private readonly List<QuarantineEntry> _aside = [];
    private readonly FilterCache _filterAnswers = new();

    private readonly ObsoleteFiles _obsolete = new(paths, files, health);
    private ulong _nextGeneration = 1;
    private ulong _nextSegment = 1;

    /// <summary>Everything up to it is in immutable segments.</summary>
    public ulong Sequence { get; private set; }

    public ulong Generation { get; private set; }

    public IReadOnlyList<DurableSegment> Segments { get; private set; } = [];

    /// <summary>Damage that was found, now or earlier: never used again by itself, for its documents may have been written again.</summary>
    public IReadOnlyCollection<Quarantined> Aside => [.. _aside.Select(static e => new Quarantined(e.Name, e.Reason, Lost(e)))];

    public long Documents => Segments.Sum(static s => (long)s.Dead.Rows - s.Dead.Count);

    /// <summary>Writes a segment for the next manifest and opens it. When that fails, nothing of it is left.</summary>
    /// <param name="write">Is given the directory, which it publishes.</param>
    public DurableSegment Make(CollectionSchema schema, Action<string> write)
    {
        ulong id = _nextSegment++;
        try
        {
            write(paths.Segment(id));
            return Open(id, schema);
        }
        catch
        {
            _obsolete.Unmade(id);
            throw;
        }
    }

    /// <summary>Lets go of a segment that was made for a manifest and is in none; its files go unless that is in doubt.</summary>
    public void Discard(DurableSegment made) => _obsolete.Discard(made);

    private DurableSegment Open(ulong id, CollectionSchema schema)
    {
        DocumentSegment opened = DocumentSegment.Open(paths.Segment(id), id, schema, VectorSettings.Opening(settings.Residency));
        opened.FilterAnswers = _filterAnswers.Open();
        return new DurableSegment(id, new Shared<DocumentSegment>(opened, _obsolete.Free), DeadRows.None(opened.Count), null);
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
    /// either: nothing is removed, and this state stays as it was. A failing removal is no failure: the next start removes what is left.
    /// </summary>
    public void Publish(ulong sequence, CollectionSchema schema, IReadOnlyList<DurableSegment> segments)
    {
        var manifest = new Manifest
        {
            Generation = _nextGeneration++,
            Sequence = sequence,
            Schema = schema,
            Segments =
            [
                .. segments.Select(static s =>
                    new SegmentEntry { Id = s.Id, Rows = s.Dead.Rows, Dead = s.Dead.Count, TombstoneFile = s.DeadFile }),
            ],
            Quarantined = [.. _aside],
        };
        try
        {
            ManifestFile.Publish(paths.Root, manifest, files);
        }
        catch
        {
            _obsolete.Doubt(segments.Except(Segments));
            throw;
        }
        IReadOnlyList<DurableSegment> old = Segments;
        Generation = manifest.Generation;
        Sequence = sequence;
        Serve(segments);
        _obsolete.Replace(old, segments);
    }

    /// <summary>Keeps the knowledge of damage over restarts.</summary>
    public void SetAside(QuarantineEntry damage) => _aside.Add(damage);

    /// <summary>Takes over what the manifest names. A segment that cannot be opened is set aside.</summary>
    /// <returns>The schema, and whether anything was found damaged just now.</returns>
    public (CollectionSchema Schema, bool IsDamaged) Load()
    {
        if (!files.Exists(paths.Root))
        {
            throw StorageErrors.Damaged(paths.Root, "it is missing");
        }
        ManifestLoad load = ManifestFile.Load(paths.Root, files) ?? throw StorageErrors.Damaged(paths.Root, "it has no manifest");
        Generation = load.Manifest.Generation;
        Sequence = load.Manifest.Sequence;
        _nextGeneration = load.NextGeneration;
        _nextSegment = NextSegment(load.Manifest);
        health.Unknown(load.UnknownFiles.Select(path => Path.GetRelativePath(paths.Root, path)));
        _aside.AddRange(load.Manifest.Quarantined);
        int known = _aside.Count;
        _aside.AddRange(load.Findings.Select(f =>
            new QuarantineEntry { Name = Path.GetRelativePath(paths.Root, f.Path), Reason = f.What }));
        var segments = new List<DurableSegment>();
        foreach (SegmentEntry entry in load.Manifest.Segments)
        {
            if (TryOpen(entry, load.Manifest.Schema) is { } segment)
            {
                segments.Add(segment);
            }
        }
        Serve(segments);
        return (load.Manifest.Schema, _aside.Count > known);
    }

    /// <summary>Paths, relative to the collection, of what the manifest names beside the segments, itself included: the next one replaces
    /// them.</summary>
    public IEnumerable<string> SmallFiles() =>
        [StoreLayout.Current, StoreLayout.ManifestName(Generation), .. Segments.Select(static s => s.DeadFile).OfType<string>()];

    /// <summary>From here on readers that are left remove nothing: the directory may belong to somebody else already.</summary>
    public void Dispose()
    {
        if (!_obsolete.TryEnd())
        {
            return;
        }
        foreach (DurableSegment segment in Segments)
        {
            segment.Segment.Release();
        }
    }

    private void Serve(IReadOnlyList<DurableSegment> segments)
    {
        Segments = segments;
        TruthMemory.Share([.. segments.Select(static s => s.Segment.Value)], settings.MappedTruthBytes);
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
                throw StorageErrors.Damaged(
                    paths.Segment(entry.Id), $"it has {opened.Dead.Rows} documents, the manifest says {entry.Rows}");
            }
            return entry.TombstoneFile is not { } name
                ? opened
                : opened with { Dead = DeadFile.Read(Path.Combine(paths.Root, name), entry.Rows, entry.Dead), DeadFile = name };
        }
        catch (CollectionException damaged) when (damaged.Error == CollectionError.Checksum)
        {
            opened?.Segment.Release();
            string reason = $"{damaged.What} It held {entry.Rows - entry.Dead} documents.";
            SetAside(new QuarantineEntry { Name = StoreLayout.SegmentName(entry.Id), Reason = reason });
            MoveToQuarantine(StoreLayout.SegmentName(entry.Id));
            MoveToQuarantine(entry.TombstoneFile);
            return null;
        }
    }

    // Somebody may be able to read more of it than this program: what no manifest names would be removed at the next start.
    private void MoveToQuarantine(string? name)
    {
        if (name is null || !files.Exists(Path.Combine(paths.Root, name)))
        {
            return;
        }
        QuarantineDirectory.Take(paths.Root, name, files);
        files.SyncDirectory(paths.Root);
    }

    // Ids are not used again while files of theirs may lie around.
    private ulong NextSegment(Manifest manifest)
    {
        // Calibrations name segments that may be gone: another one must not be taken for one of them.
        IEnumerable<ulong> measured = manifest.Schema.Vectors.SelectMany(static v => v.Calibration?.Segments ?? []);
        ulong next = manifest.Segments.Select(static s => s.Id).Concat(measured).DefaultIfEmpty().Max() + 1;
        while (files.Exists(paths.Segment(next)) || _aside.Exists(e => e.Name == StoreLayout.SegmentName(next)))
        {
            next++;
        }
        return next;
    }
}
