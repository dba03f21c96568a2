using SearchEngine.Collections.Filters;
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
    private readonly ManifestFile _manifest = new(paths.Root, files);
    private readonly List<Quarantined> _aside = [];
    private readonly FilterCache _filterAnswers = new();

    /// <summary>Everything up to it is in immutable segments.</summary>
    public ulong Sequence { get; private set; }

    public ulong Generation { get; private set; }

    public ulong NextSegmentId { get; private set; } = 1;

    public IReadOnlyList<DurableSegment> Segments { get; private set; } = [];

    /// <summary>Damage that was found, now or earlier.</summary>
    public IReadOnlyCollection<Quarantined> Aside => _aside;

    public long Documents => Segments.Sum(static s => (long)s.Dead.Rows - s.Dead.Count);

    /// <summary>Where the next segment is written.</summary>
    public (ulong Id, string Directory) Next()
    {
        ulong id = NextSegmentId++;
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
        string name = CollectionPaths.DeadFile(segment.Id, Generation + 1);
        DeadFile.Write(Path.Combine(paths.Root, name), dead, files);
        return segment with { Dead = dead, DeadFile = name };
    }

    /// <summary>Makes a new state the one that a restart starts from, then removes what only the old one named.</summary>
    /// <returns>Null, or why what was replaced had to stay: the new state may not survive a loss of power.</returns>
    public Exception? Publish(ulong sequence, CollectionSchema schema, IReadOnlyList<DurableSegment> segments)
    {
        Exception? doubt = _manifest.Publish(new ManifestContent(
            Generation + 1, sequence, NextSegmentId, schema,
            [.. segments.Select(static s => new ManifestContent.Segment(s.Id, s.Dead.Rows, s.Dead.Count, s.DeadFile))], [.. _aside]));
        IReadOnlyList<DurableSegment> old = Segments;
        Generation++;
        Sequence = sequence;
        Segments = segments;
        if (doubt is null)
        {
            Remove(old);
        }
        return doubt;
    }

    /// <summary>Keeps the knowledge of damage over restarts.</summary>
    public void SetAside(IEnumerable<Quarantined> damage) => _aside.AddRange(damage.Except(_aside));

    /// <summary>Takes over what a manifest names. A segment that cannot be opened is set aside and reported.</summary>
    public CollectionSchema Load(List<Quarantined> damage)
    {
        ManifestContent content = _manifest.Load(damage);
        Generation = content.Generation;
        Sequence = content.Sequence;
        NextSegmentId = content.NextSegmentId;
        _aside.AddRange(content.Aside);
        var segments = new List<DurableSegment>();
        foreach (ManifestContent.Segment named in content.Segments)
        {
            try
            {
                DurableSegment opened = Open(named.Id, content.Schema);
                segments.Add(opened);
                segments[^1] = WithNamed(opened, named);
            }
            catch (CollectionException damaged) when (damaged.Error == CollectionError.Checksum)
            {
                damage.Add(new Quarantined(Path.GetFileName(paths.Segment(named.Id)), damaged.What, named.Rows - named.Dead));
            }
        }
        Segments = segments;
        return content.Schema;
    }

    /// <summary>Paths, relative to the collection, of everything the manifest names, itself included.</summary>
    public IEnumerable<string> Files()
    {
        yield return ManifestFile.NameOf(Generation);
        foreach (DurableSegment segment in Segments)
        {
            yield return Path.GetRelativePath(paths.Root, paths.Segment(segment.Id));
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

    private void Remove(IReadOnlyList<DurableSegment> old)
    {
        _manifest.RemoveBefore(Generation);
        foreach (string name in old.Select(static s => s.DeadFile).Except(Segments.Select(static s => s.DeadFile)).OfType<string>())
        {
            files.Delete(Path.Combine(paths.Root, name));
        }
        foreach (DurableSegment segment in old.Where(o => Segments.All(s => s.Id != o.Id)))
        {
            segment.Segment.Release();
        }
    }

    // Without its dead rows a segment would give back what was deleted: then it is better set aside.
    private DurableSegment WithNamed(DurableSegment opened, ManifestContent.Segment named)
    {
        if (opened.Dead.Rows != named.Rows)
        {
            throw StorageErrors.Damaged(paths.Segment(named.Id), $"it has {opened.Dead.Rows} documents, the manifest says {named.Rows}");
        }
        return named.DeadFile is null
            ? opened
            : opened with { Dead = DeadFile.Read(Path.Combine(paths.Root, named.DeadFile), named.Rows, named.Dead), DeadFile = named.DeadFile };
    }

    private void Free(DocumentSegment segment)
    {
        segment.Dispose();
        if (Segments.All(s => s.Id != segment.Id))
        {
            files.DeleteDirectory(segment.Directory);
        }
    }
}
