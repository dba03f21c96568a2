using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>Reads everything the manifest names against its checksums, while the collection serves.</summary>
internal sealed class Scrubbing(CollectionState state)
{
    public IReadOnlyList<Quarantined> Run(CancellationToken cancel)
    {
        // The lease keeps merges from removing what is read.
        using ViewLease lease = state.Views.Lease();
        var found = new List<Quarantined>();
        foreach (ViewSource source in lease.View.Sources)
        {
            if (source.Segment is { } segment)
            {
                foreach (DamageFinding finding in SegmentScrub.Blocks(segment.Directory, state.Schema, cancel))
                {
                    Quarantined damage = Named(finding);
                    found.Add(damage);
                    state.Health.Found(segment.Id, damage);
                }
            }
        }
        found.AddRange(Small(cancel).Select(Named));
        state.Health.Found(found);
        return found;
    }

    // A checkpoint may replace any of them meanwhile: a file that is gone afterwards was not damaged.
    private IEnumerable<DamageFinding> Small(CancellationToken cancel)
    {
        IEnumerable<DamageFinding> manifests = ManifestFile.Scrub(state.Paths.Root, state.Files, cancel);
        IEnumerable<DamageFinding> dead = state.Durable.Segments.Select(static s => s.DeadFile).OfType<string>()
            .SelectMany(name => DeadFile.Scrub(Path.Combine(state.Paths.Root, name), cancel));
        return [.. manifests.Concat(dead).Where(f => state.Files.Exists(f.Path))];
    }

    private Quarantined Named(DamageFinding finding) => new(Path.GetRelativePath(state.Paths.Root, finding.Path), finding.What, 0);
}
