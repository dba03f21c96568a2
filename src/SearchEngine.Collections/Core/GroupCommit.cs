using SearchEngine.Collections.Log;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Commits a group of batches: check, log and append each; one sync for all; one new view; then the acknowledgements. A
/// failure before the view leaves rows that no view shows and, in the log, nothing.
/// </summary>
internal sealed class GroupCommit(CollectionState state, RecordApplier applier) : IDisposable
{
    /// <summary>Operations of one batch; a live segment has room for a group of them beyond the rows it is flushed at.</summary>
    public const int MaxBatch = 8192;

    private const int LinkAtOnce = 256;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly PooledBuffer _payload = new();
    private bool _unsynced;

    /// <summary>Commits the batches in their order, and empties the list. One group becomes several where it fills live segments.</summary>
    public void Run(List<PendingBatch> group)
    {
        while (group.Count > 0)
        {
            group.RemoveRange(0, RunFirst(group));
        }
    }

    /// <summary>Brings what was acknowledged in memory to the disk when nothing else is to do.</summary>
    public void SyncIdle()
    {
        if (!_unsynced)
        {
            return;
        }
        lock (state.Gate)
        {
            try
            {
                state.Log.Sync();
                _unsynced = false;
                state.Health.Recovered(CollectionHealth.Log);
            }
            catch (Exception failure)
            {
                state.Health.Report(CollectionHealth.Log, failure);
            }
        }
    }

    public void Dispose()
    {
        applier.Dispose();
        _payload.Dispose();
    }

    /// <returns>How many of the batches have been told.</returns>
    private int RunFirst(List<PendingBatch> group)
    {
        var reports = new List<(PendingBatch Batch, WriteReport Report)>();
        int taken;
        lock (state.Gate)
        {
            try
            {
                taken = Commit(group, reports);
            }
            catch (Exception failure)
            {
                // Whatever it was: rows behind the view's bound stay unseen, and the callers hear of it.
                state.Log.Discard();
                state.Health.Report(CollectionHealth.Log, failure);
                Fail(group, failure);
                return group.Count;
            }
        }
        foreach ((PendingBatch batch, WriteReport report) in reports)
        {
            batch.Done.SetResult(report);
        }
        HelpLinking();
        return taken;
    }

    /// <returns>How many of the batches were looked at: those until the live segment holds the bytes it is flushed at.</returns>
    private int Commit(List<PendingBatch> group, List<(PendingBatch Batch, WriteReport Report)> reports)
    {
        CollectionException? full = MakeRoom(group.Sum(static b => b.Writes.Count(static w => w is not (null or PreparedWrite.Delete))));
        var builder = new ViewBuilder(state.Views.Current);
        ulong sequence = builder.From.Sequence;
        bool sync = false;
        // Where no flush is possible, stopping would make none.
        long most = builder.Live.TakenBytes < state.Settings.FlushLogBytes ? state.Settings.FlushLogBytes : long.MaxValue;
        int taken = 0;
        while (taken < group.Count && builder.Live.TakenBytes < most)
        {
            PendingBatch batch = group[taken++];
            if (full is not null && !batch.OnlyDeletes)
            {
                batch.Done.SetException(full);
            }
            else if (TryCheck(batch, builder) is { } versions)
            {
                int applied = Apply(batch, versions, builder, ref sequence);
                reports.Add((batch, new WriteReport(sequence, applied, [.. versions.Select(static v => v ?? 0)], batch.Refused)));
                sync |= batch.Level is AckLevel.Logged or AckLevel.LoggedEach;
            }
        }
        Publish(builder, sequence, sync);
        return taken;
    }

    private void Publish(ViewBuilder builder, ulong sequence, bool sync)
    {
        bool isChanged = sequence > builder.From.Sequence;
        // Also for a batch that found nothing left to do: what did it may have been acknowledged in memory only.
        sync &= isChanged || _unsynced;
        if (sync)
        {
            state.Log.Sync();
        }
        else if (isChanged)
        {
            state.Log.Flush();
        }
        else
        {
            return;
        }
        _unsynced = !sync;
        state.Health.Recovered(CollectionHealth.Log);
        state.Views.Publish(builder.Build(sequence));
    }

    // Null for a batch that was refused as a whole: it has been told, and the group goes on.
    private ulong?[]? TryCheck(PendingBatch batch, ViewBuilder builder)
    {
        try
        {
            state.Reserve.Check(batch, state.Settings);
            return new BatchCheck(builder).Run(batch);
        }
        catch (CollectionException refused)
        {
            batch.Done.SetException(refused);
            return null;
        }
    }

    private int Apply(PendingBatch batch, ulong?[] versions, ViewBuilder builder, ref ulong sequence)
    {
        int applied = 0;
        for (int i = 0; i < versions.Length; i++)
        {
            if (versions[i] is not ulong version || batch.Writes[i] is not { } write)
            {
                continue;
            }
            _payload.Clear();
            LogRecordKind kind = RecordCodec.Encode(write, version, _payload);
            state.Log.Append(new LogRecord(++sequence, kind, _payload.WrittenMemory));
            applier.Apply(write, version, builder);
            applied++;
        }
        return applied;
    }

    /// <summary>Begins another live segment when the group would not fit, or it is time for a flush.</summary>
    /// <returns>Null, or why no rows can be taken at the moment.</returns>
    private CollectionException? MakeRoom(int rows)
    {
        while (true)
        {
            LiveDocuments live = state.Views.Current.Sources[^1].Live!;
            bool fits = rows == 0 || (live.IsOpen && live.Count + rows <= live.Capacity);
            if (fits && live.Count < state.Settings.FlushRows && !state.IsOverfull(live))
            {
                return null;
            }
            if (state.HasRoomForSegment)
            {
                state.Roll();
                return null;
            }
            // A seventh segment would make every search walk it: writers wait for upkeep, but not for one that fails.
            if (state.Health.FailureOf(CollectionHealth.Upkeep) is { } failure)
            {
                return fits ? null : NoRoom(failure);
            }
            Monitor.Wait(state.Gate, LookAgain);
        }
    }

    private static CollectionException NoRoom(Exception failure) => new(
        failure is CollectionException { Error: CollectionError.DiskReserve } ? CollectionError.DiskReserve : CollectionError.ReadOnly, "",
        $"The live segment is full and cannot be flushed: {failure.Message}",
        "Free disk space or look at the collection's failures; it is tried again every second. Deletes are possible.",
        failure);

    private void HelpLinking()
    {
        try
        {
            while (state.Views.Current.Sources[^1].Live!.PendingCount > state.Settings.MaxPending && state.LinkSome(LinkAtOnce))
            {
            }
        }
        catch (Exception failure)
        {
            state.Health.Report(CollectionHealth.Linking, failure);
        }
    }

    private static void Fail(List<PendingBatch> group, Exception failure)
    {
        CollectionException reason = failure as CollectionException ?? new CollectionException(
            CollectionError.ReadOnly, "", $"The batch could not be written: {failure.Message}",
            "Nothing of the batch was stored. Look at the disk, then write again.", failure);
        foreach (PendingBatch batch in group)
        {
            batch.Done.TrySetException(reason);
        }
    }
}
