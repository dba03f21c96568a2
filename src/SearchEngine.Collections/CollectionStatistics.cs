namespace SearchEngine.Collections;

/// <summary>A collection as it is.</summary>
public sealed record CollectionStatistics
{
    /// <summary>Documents that can be found.</summary>
    public required long Documents { get; init; }

    /// <summary>Deleted or replaced rows that have not been merged away.</summary>
    public required long DeadRows { get; init; }

    /// <summary>Vectors that searches scan because they are not in a graph yet.</summary>
    public required long Unindexed { get; init; }

    /// <summary>Segments, live ones included.</summary>
    public required int Segments { get; init; }

    /// <summary>Sequence of the newest write that searches see.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Everything up to it is in immutable segments; a restart replays what came later.</summary>
    public required ulong DurableSequence { get; init; }

    /// <summary>Bytes of log that a restart would replay.</summary>
    public required long LogBytes { get; init; }

    /// <summary>Share of its price that searches have paid for the next merge, by going through segments one by one: at 1 it is due, however few
    /// segments there are. 0 where there is nothing to merge.</summary>
    public required double MergePaid { get; init; }

    /// <summary>Merges since the collection was opened that came about because searches had paid for them.</summary>
    public required int PaidMerges { get; init; }

    /// <summary>Merges since the collection was opened that went on from what an attempt before had done.</summary>
    public required int ResumedMerges { get; init; }

    /// <summary>Sizes by component.</summary>
    public required IReadOnlyList<StorageSize> Sizes { get; init; }

    /// <summary>Background work that fails at the moment, and why; nothing is lost by it.</summary>
    public required IReadOnlyDictionary<string, string> Failures { get; init; }

    /// <summary>A warning: paths within the collection's directory, as it was opened, that are none of its files. They are left alone; all of
    /// them go with the collection when it is dropped.</summary>
    public required IReadOnlyCollection<string> UnknownFiles { get; init; }

    /// <summary>Data set aside as damaged.</summary>
    public required IReadOnlyCollection<Quarantined> Damage { get; init; }
}
