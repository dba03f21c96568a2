using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Manifests;

/// <summary>The part of a manifest that is stored as JSON: readable with any tool when something is to be found out.</summary>
internal sealed record ManifestContent
{
    public required ulong Generation { get; init; }

    public required ulong Sequence { get; init; }

    public required CollectionSchema Schema { get; init; }

    public required IReadOnlyList<SegmentEntry> Segments { get; init; }

    public required IReadOnlyList<QuarantineEntry> Quarantined { get; init; }
}
