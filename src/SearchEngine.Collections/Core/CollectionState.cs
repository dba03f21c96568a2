using SearchEngine.Collections.Log;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>
/// What the writer and upkeep of one collection share. <see cref="Gate"/> is held by whoever makes the next view; the durable
/// part is changed by upkeep alone, with the gate held.
/// </summary>
internal sealed class CollectionState : IDisposable
{
    /// <summary>Immutable segments that may stand: a sealed and an active live one come on top, and the next flush.</summary>
    public const int MaxStanding = CollectionSettings.MaxSegments - 2;

    private const int WorthWriting = 1024;

    private CollectionSettings? _settings;

    /// <summary>Of the last record before the live segment that takes writes.</summary>
    private ulong _liveAfter;

    public required CollectionPaths Paths { get; init; }

    public required IFileLayer Files { get; init; }

    /// <summary>Replaced as a whole by <see cref="Collection.Change"/>.</summary>
    public required CollectionSettings Settings
    {
        get => Volatile.Read(ref _settings)!;
        set => Volatile.Write(ref _settings, value);
    }

    public required TimeProvider Clock { get; init; }

    public required ILog Log { get; init; }

    public required ViewLedger Views { get; init; }

    public required CollectionHealth Health { get; init; }

    public required DiskReserve Reserve { get; init; }

    public required DurableState Durable { get; init; }

    /// <summary>Monitor of whoever makes the next view; pulsed when there is room for another segment.</summary>
    public object Gate { get; } = new();

    /// <summary>Read-held by threads that link rows, write-held for a moment by whoever must know that none does.</summary>
    public ReaderWriterLockSlim Linking { get; } = new();

    /// <summary>The closed live segment; null when there is none.</summary>
    public Boundary? Boundary { get; private set; }

    public CollectionSchema Schema => Views.Current.Schema;

    public SegmentWriteOptions WriteOptions => new() { Threads = Settings.UpkeepThreads };

    /// <summary>Whether the active live segment may be closed now.</summary>
    public bool HasRoomForSegment => Boundary is null && !IsCrowded;

    /// <summary>Whether a merge must come before the next flush. Segments that are too damaged or too full to be merged do not count.</summary>
    public bool IsCrowded => Durable.Segments.Count > MaxStanding
        && MergePolicy.CountGrowing([.. Sound().Select(static s => s.Size)], Settings.Limits) > MaxStanding;

    /// <summary>Merges since opening that came about because searches had paid for them. Counted by upkeep.</summary>
    public int PaidMerges { get; set; }

    /// <summary>Merges since opening that went on from what an attempt before had done. Counted by upkeep.</summary>
    public int ResumedMerges { get; set; }

    /// <summary>Durable segments that can be merged.</summary>
    public IReadOnlyList<DurableSegment> Sound() => [.. Durable.Segments.Where(s => !Health.IsDamaged(s.Id))];

    /// <summary>Closes the active live segment and starts another. Called with the gate held and none closed.</summary>
    public void Roll()
    {
        View last = Views.Current;
        Log.Sync();
        var live = new Shared<LiveDocuments>(NewLive(last.Schema, Settings), static l => l.Dispose());
        Boundary = new Boundary(last);
        Volatile.Write(ref _liveAfter, last.Sequence);
        Show([.. last.Sources, new ViewSource(live, 0, DeadRows.None(live.Value.Capacity))]);
        live.Release();
    }

    /// <summary>Publishes the current view with other segments. Called with the gate held.</summary>
    public void Show(IReadOnlyList<ViewSource> sources)
    {
        View last = Views.Current;
        Views.Publish(new View(last.Number + 1, last.Sequence, last.Schema, sources));
    }

    /// <summary>Whether the log, or the live segment in memory, has come to the bytes from which on there is a flush.</summary>
    /// <remarks>What a closed segment has of the log is not counted again: writers would wait until its flush has ended.</remarks>
    public bool IsOverfull(LiveDocuments live) => Math.Max(Log.BytesAfter(Volatile.Read(ref _liveAfter)), live.TakenBytes) >= Settings.FlushLogBytes;

    /// <summary>Whether the log, the live segment or the deaths since the manifest ask for a new one, although the live segment is not full.</summary>
    public bool WantsCheckpoint()
    {
        using ViewLease lease = Views.Lease();
        if (IsOverfull(lease.View.Sources[^1].Live!))
        {
            return true;
        }
        for (int i = 0; i < Durable.Segments.Count; i++)
        {
            // Merges leave out only rows that the manifest knows to be dead.
            DurableSegment segment = Durable.Segments[i];
            ViewSource? source = lease.View.Sources.FirstOrDefault(s => s.IsOf(segment.Segment.Value));
            if (source is not null
                && source.Dead.Count - segment.Dead.Count > Math.Max(WorthWriting, MergePolicy.DeadShare * segment.Dead.Rows))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The closed segment has become an immutable one. Called with the gate held.</summary>
    public void EndBoundary()
    {
        Boundary = null;
        Monitor.PulseAll(Gate);
    }

    /// <summary>Links rows that wait in the live segment that takes writes, unless it is being closed.</summary>
    /// <returns>Whether there were any.</returns>
    public bool LinkSome(int most)
    {
        // The lease keeps its memory, the lock its freeze away.
        using ViewLease lease = Views.Lease();
        LiveDocuments live = lease.View.Sources[^1].Live!;
        Linking.EnterReadLock();
        try
        {
            return !live.IsSealed && live.LinkSome(most) > 0;
        }
        finally
        {
            Linking.ExitReadLock();
        }
    }

    /// <summary>Returns when no thread links rows of a segment that was closed before.</summary>
    public void WaitForLinking()
    {
        Linking.EnterWriteLock();
        Linking.ExitWriteLock();
    }

    public static LiveDocuments NewLive(CollectionSchema schema, CollectionSettings settings) => new(
        schema,
        new LiveDocumentsOptions { Capacity = settings.FlushRows + 2 * GroupCommit.MaxBatch, LinkThreads = settings.LinkThreads + 2 });

    public void Dispose()
    {
        Views.Dispose();
        Durable.Dispose();
        Log.Dispose();
        Linking.Dispose();
    }
}
