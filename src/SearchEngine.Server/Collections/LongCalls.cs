using SearchEngine.Collections;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Collections;

/// <summary>The calls that take long: frames of progress, then the result.</summary>
internal sealed class LongCalls(ServerState server, Descriptions descriptions, SnapshotCalls snapshots)
{
    private const int MostSegments = CollectionSettings.MaxSegments;
    private const long MostMicrosPerGib = 3_600_000_000;

    public async ValueTask CompactAsync(CallContext context, Wire.CompactRequest request, ReplyStream<Wire.CompactFrame> replies)
    {
        Collection collection = context.Collection;
        if (request.Segments > MostSegments)
        {
            throw Refusal.Limit("segments", request.Segments, MostSegments, "segments", "Ask for 1.");
        }
        int segments = Math.Max(1, (int)request.Segments);
        LongOperations.Work work = server.Operations.Describe(
            collection.Name, Wire.OperationKind.Compact, Refusal.Number(segments), "merging segments");
        Wire.CompactReport report = await Serving.RunAsync(context, () => work.FollowAsync(
            request.OnDisconnect != Wire.DisconnectPolicy.Cancel,
            async operation =>
            {
                long before = DiskBytes(collection);
                (int now, long dropped) = await collection.OptimiseAsync(segments, operation, operation.Cancellation).ConfigureAwait(false);
                return new Wire.CompactReport { Segments = (uint)now, DroppedRows = (ulong)dropped, FreedBytes = (ulong)Math.Max(0, before - DiskBytes(collection)) };
            },
            progress => replies.WriteAsync(new Wire.CompactFrame { Progress = progress }), context.Cancellation)).ConfigureAwait(false);
        report = report.Clone();
        report.Header = context.ReplyHeader();
        await replies.WriteAsync(new Wire.CompactFrame { Report = report }).ConfigureAwait(false);
    }

    public async ValueTask ScrubAsync(CallContext context, Wire.ScrubRequest request, ReplyStream<Wire.ScrubFrame> replies)
    {
        if (request.MicrosPerGib > MostMicrosPerGib)
        {
            throw Refusal.Limit("micros_per_gib", (long)Math.Min(request.MicrosPerGib, long.MaxValue), MostMicrosPerGib, "microseconds", "Use at most an hour per gibibyte.");
        }
        TimeSpan perGibibyte = TimeSpan.FromMicroseconds(request.MicrosPerGib);
        Collection collection = context.Collection;
        LongOperations.Work work = server.Operations.Describe(collection.Name, Wire.OperationKind.Scrub, Refusal.Number((long)request.MicrosPerGib), "checking checksums");
        ScrubReport report = await Serving.RunAsync(context, () => work.FollowAsync(
            request.OnDisconnect == Wire.DisconnectPolicy.Continue,
            operation => Task.Run(() => collection.Scrub(perGibibyte, operation, operation.Cancellation), operation.Cancellation),
            progress => replies.WriteAsync(new Wire.ScrubFrame { Progress = progress }), context.Cancellation)).ConfigureAwait(false);
        foreach (Quarantined finding in report.Damage)
        {
            await replies.WriteAsync(new Wire.ScrubFrame { Damage = Descriptions.Damage(finding) }).ConfigureAwait(false);
        }
        await replies.WriteAsync(new Wire.ScrubFrame
        {
            Report = new Wire.ScrubReport
            {
                Header = context.ReplyHeader(),
                Blocks = (ulong)report.Blocks,
                Bytes = (ulong)report.Bytes,
                DamagedBlocks = (ulong)report.Damage.Count,
            },
        }).ConfigureAwait(false);
    }

    public async ValueTask SnapshotAsync(CallContext context, Wire.SnapshotRequest request, ReplyStream<Wire.SnapshotFrame> replies)
    {
        Collection collection = context.Collection;
        string name = snapshots.NameFor(collection.Name, request.Name);
        string directory = request.Directory.Length == 0 ? "" : snapshots.Below(request.Directory, "directory");
        LongOperations.Work work = server.Operations.Describe(collection.Name, Wire.OperationKind.Snapshot, $"{name}/{directory}", "linking files");
        Wire.SnapshotDescription taken = await Serving.RunAsync(context, () => work.FollowAsync(
            request.OnDisconnect == Wire.DisconnectPolicy.Continue,
            operation => snapshots.TakeAsync(collection, name, directory, operation, operation.Cancellation),
            progress => replies.WriteAsync(new Wire.SnapshotFrame { Progress = progress }), context.Cancellation)).ConfigureAwait(false);
        await replies.WriteAsync(new Wire.SnapshotFrame
        {
            Report = new Wire.SnapshotReport { Header = context.ReplyHeader(), Snapshot = taken },
        }).ConfigureAwait(false);
    }

    public async ValueTask RestoreAsync(CallContext context, Wire.RestoreRequest request, ReplyStream<Wire.RestoreFrame> replies)
    {
        LongOperations.Work work = server.Operations.Describe(
            request.Header.Collection, Wire.OperationKind.Restore, request.ToString(), "checking and linking files");
        // The call's message belongs to the call; the work may outlive it.
        Wire.RestoreRequest kept = request.Clone();
        (Collection restored, long bytes) = await Serving.RunAsync(context, () => work.FollowAsync(
            request.OnDisconnect == Wire.DisconnectPolicy.Continue,
            operation => snapshots.RestoreAsync(kept, operation, operation.Cancellation),
            progress => replies.WriteAsync(new Wire.RestoreFrame { Progress = progress }), context.Cancellation)).ConfigureAwait(false);
        await replies.WriteAsync(new Wire.RestoreFrame
        {
            Report = new Wire.RestoreReport { Header = context.ReplyHeader(restored.Sequence), Collection = descriptions.Of(restored, context.Caller), VerifiedBytes = (ulong)bytes },
        }).ConfigureAwait(false);
    }

    private static long DiskBytes(Collection collection) => collection.Describe().Sizes.Sum(static s => s.Disk);
}
