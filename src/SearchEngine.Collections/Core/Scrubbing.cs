using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Reads everything the manifest names against its checksums, while the collection serves. It may take hours, so it holds one segment at a
/// time: files of the others go when a merge has replaced them. Those that it finds gone it leaves out, and those made meanwhile as well: a
/// merge reads its inputs against their checksums.
/// </summary>
/// <param name="perGibibyte">Least time for reading as much.</param>
internal sealed class Scrubbing(CollectionState state, TimeSpan perGibibyte, IProgress<WorkProgress>? progress)
{
    public ScrubReport Run(CancellationToken cancel)
    {
        var tally = new ScrubTally(perGibibyte, progress, state.Clock, cancel);
        var found = new List<Quarantined>();
        var waiting = new Queue<ulong>(Standing());
        while (waiting.Count > 0)
        {
            if (Hold(waiting, tally) is { } source)
            {
                try
                {
                    found.AddRange(Scrub(source.Segment!, tally, cancel));
                }
                finally
                {
                    source.Release();
                }
            }
        }
        found.AddRange(Small(tally, cancel).Select(Named));
        state.Health.Found(found);
        tally.End();
        return new ScrubReport(found, tally.Blocks, tally.Bytes);
    }

    private ulong[] Standing()
    {
        using ViewLease lease = state.Views.Lease();
        return [.. lease.View.Sources.Select(static s => s.Segment).OfType<DocumentSegment>().Select(static s => s.Id)];
    }

    /// <summary>Takes the next segment, and holds it where it still stands: the caller releases it.</summary>
    private ViewSource? Hold(Queue<ulong> waiting, ScrubTally tally)
    {
        using ViewLease lease = state.Views.Lease();
        tally.Expect(lease.View.Sources.Sum(s => s.Segment is { } segment && waiting.Contains(segment.Id) ? segment.DiskBytes : 0));
        ulong next = waiting.Dequeue();
        ViewSource? source = lease.View.Sources.FirstOrDefault(s => s.Segment?.Id == next);
        source?.Acquire();
        return source;
    }

    private List<Quarantined> Scrub(DocumentSegment segment, ScrubTally tally, CancellationToken cancel)
    {
        var found = new List<Quarantined>();
        foreach (DamageFinding finding in SegmentScrub.Blocks(segment.Directory, state.Schema, cancel, tally))
        {
            Quarantined damage = Named(finding);
            found.Add(damage);
            state.Health.Found(segment.Id, damage);
        }
        return found;
    }

    // A checkpoint may replace any of them meanwhile: a file that is gone afterwards was not damaged.
    private IEnumerable<DamageFinding> Small(ScrubTally tally, CancellationToken cancel)
    {
        IEnumerable<DamageFinding> manifests = ManifestFile.Scrub(state.Paths.Root, state.Files, cancel, tally);
        IEnumerable<DamageFinding> dead = state.Durable.Segments.Select(static s => s.DeadFile).OfType<string>()
            .SelectMany(name => DeadFile.Scrub(Path.Combine(state.Paths.Root, name), cancel, tally));
        return [.. manifests.Concat(dead).Where(f => state.Files.Exists(f.Path))];
    }

    private Quarantined Named(DamageFinding finding) => new(Path.GetRelativePath(state.Paths.Root, finding.Path), finding.What, 0);
}
