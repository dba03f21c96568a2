using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Manifests;

/// <summary>What a collection consists of as of a sequence; the log has what came after it.</summary>
internal sealed record Manifest
{
    /// <summary>Greater than that of any manifest published, or tried to, before.</summary>
    public required ulong Generation { get; init; }

    /// <summary>The segments hold exactly the changes up to this one.</summary>
    public required ulong Sequence { get; init; }

    public required CollectionSchema Schema { get; init; }

    public IReadOnlyList<SegmentEntry> Segments { get; init; } = [];

    public IReadOnlyList<QuarantineEntry> Quarantined { get; init; } = [];

    /// <summary>The collection's own, opaque here.</summary>
    public ReadOnlyMemory<byte> Settings { get; init; }
}
