using SearchEngine.Collections.Manifests;

namespace SearchEngine.Collections.Core;

/// <summary>Where things stand in the directory of a collection.</summary>
internal sealed class CollectionPaths(string root)
{
    public string Root { get; } = root;

    public string Log { get; } = Path.Combine(root, StoreLayout.Log);

    public string Quarantine { get; } = Path.Combine(root, StoreLayout.Quarantine);

    /// <summary>What merges keep of their work.</summary>
    public string Merging { get; } = Path.Combine(root, StoreLayout.Merging);

    public string Segment(ulong id) => Path.Combine(Root, StoreLayout.SegmentName(id));
}
