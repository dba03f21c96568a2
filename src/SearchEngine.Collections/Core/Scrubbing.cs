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
        var found = new List<DamageFinding>();
        foreach (ViewSource source in lease.View.Sources)
        {
            if (source.Segment is { } segment)
            {
                found.AddRange(SegmentScrub.Blocks(segment.Directory, state.Schema, cancel));
            }
        }
        foreach (string name in state.Durable.Segments.Select(static s => s.DeadFile).OfType<string>())
        {
            string path = Path.Combine(state.Paths.Root, name);
            // A checkpoint may have replaced it meanwhile.
            if (state.Files.Exists(path))
            {
                found.AddRange(DeadFile.Scrub(path, cancel));
            }
        }
        return [.. found.Select(f => new Quarantined(Path.GetRelativePath(state.Paths.Root, f.Path), f.What, 0))];
    }
}
