using SearchEngine.Collections.Core;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Log;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections;

/// <summary>What can be different for each run of a collection; nothing here changes what is stored.</summary>
public sealed record CollectionSettings
{
    /// <summary>Immutable and live segments together: each is walked by every search.</summary>
    public const int MaxSegments = 6;

    /// <summary>Ack level of writes that state none.</summary>
    public AckLevel AckLevel { get; init; } = AckLevel.Logged;

    /// <summary>Accuracy of searches that state none.</summary>
    public Accuracy Accuracy { get; init; }

    /// <summary>Rows in the live segment from which on it becomes an immutable one. Also bounds what a restart replays.</summary>
    public int FlushRows { get; init; } = 65_536;

    /// <summary>Bytes of log, or of documents in the live segment, from which on that becomes an immutable one.</summary>
    public long FlushLogBytes { get; init; } = 512L << 20;

    /// <summary>Rows that may wait for the graph; searches scan them, so writers help to link from here on.</summary>
    public int MaxPending { get; init; } = 4_096;

    /// <summary>Threads that link rows of the live segment.</summary>
    public int LinkThreads { get; init; } = 1;

    /// <summary>Threads of a flush or merge. They run at low priority.</summary>
    public int UpkeepThreads { get; init; } = 1;

    /// <summary>Writes other than deletes are refused while less than this is free on the disk.</summary>
    public long DiskReserveBytes { get; init; } = 256L << 20;

    /// <summary>Where links and codes of immutable segments live.</summary>
    public CodeResidency Residency { get; init; } = CodeResidency.OnDemand;

    /// <summary>A collection with more bytes of exact vectors than this reads them by calls: about half a microsecond more for each of the 10 to 20
    /// that a search looks at in a segment, and none of them counts as memory of the process.</summary>
    public long MappedTruthBytes { get; init; } = 512L << 20;

    /// <summary>What filters do that no index answers.</summary>
    public UnindexedFilter Unindexed { get; init; }

    /// <summary>Writes are refused.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Sizes of the log's files; tests lower them, so that files end and are trimmed.</summary>
    internal LogOptions Log { get; init; } = LogOptions.Default;

    /// <summary>How often a merge keeps how far it has come; tests lower it.</summary>
    internal TimeSpan MergeProgress { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What one segment may hold; tests lower it.</summary>
    internal SegmentLimits Limits { get; init; } = SegmentLimits.OfFiles;

    /// <summary>A request may be stricter than the collection, never less strict.</summary>
    internal UnindexedFilter StricterOf(UnindexedFilter asked) => asked == UnindexedFilter.Scan ? Unindexed : asked;

    /// <summary>These settings with those of another one that a running collection can take over: what threads and memory are sized
    /// by stays until it is opened again.</summary>
    internal CollectionSettings With(CollectionSettings next) => this with
    {
        AckLevel = next.AckLevel,
        Accuracy = next.Accuracy,
        Unindexed = next.Unindexed,
        IsReadOnly = next.IsReadOnly,
        DiskReserveBytes = next.DiskReserveBytes,
        FlushLogBytes = next.FlushLogBytes,
        MaxPending = next.MaxPending,
    };

    internal void Validate()
    {
        if (MappedTruthBytes < 0)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, nameof(MappedTruthBytes), $"MappedTruthBytes is {MappedTruthBytes}.", "Use 0 or more bytes.");
        }
        Within(FlushRows, 16, 1 << 24, nameof(FlushRows), "the live segment reserves addresses for twice as many");
        Within(MaxPending, 1, 1 << 20, nameof(MaxPending), "every search scans that many rows");
        Within(LinkThreads, 1, 64, nameof(LinkThreads), "someone must link");
        Within(UpkeepThreads, 1, 64, nameof(UpkeepThreads), "someone must flush and merge");
        if (FlushLogBytes < 1 << 20)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, nameof(FlushLogBytes),
                $"FlushLogBytes is {FlushLogBytes}; below 1 MiB segments would be tiny.", "Use at least 1 MiB.");
        }
    }

    private static void Within(int value, int least, int most, string field, string because)
    {
        if (value < least || value > most)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field, $"{field} is {value}, it must be {least} to {most}: {because}.",
                "Change the setting.");
        }
    }
}
