using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>Reads everything the manifest names against its checksums, while the collection serves.</summary>
/// <param name="perGibibyte">Least time for reading as much.</param>
internal sealed class Scrubbing(CollectionState state, TimeSpan perGibibyte, IProgress<WorkProgress>? progress)
{
    public ScrubReport Run(CancellationToken cancel)
    {
        // The lease keeps merges from removing what is read.
        using ViewLease lease = state.Views.Lease();
        long total = lease.View.Sources.Sum(static s => s.Segment?.DiskBytes ?? 0);
        var tally = new ScrubTally(total, perGibibyte, progress, state.Clock, cancel);
        var found = new List<Quarantined>();
        foreach (ViewSource source in lease.View.Sources)
        {
            if (source.Segment is { } segment)
            {
                foreach (DamageFinding finding in SegmentScrub.Blocks(segment.Directory, state.Schema, cancel, tally))
                {
                    Quarantined damage = Named(finding);
                    found.Add(damage);
                    state.Health.Found(segment.Id, damage);
                }
            }
        }
        found.AddRange(Small(tally, cancel).Select(Named));
        state.Health.Found(found);
        tally.End();
        return new ScrubReport(found, tally.Blocks, tally.Bytes);
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
