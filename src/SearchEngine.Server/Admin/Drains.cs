using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Admin;

/// <summary>Admin.Drain: no new work, then frames until what is open has ended or its time is over.</summary>
internal sealed class Drains(ServerHandle handle, TimeProvider time)
{
    private const ulong DefaultMicros = 30_000_000;
    private const ulong MostMicros = 3_600_000_000;

    // A drain that was taken back and followed by another between two looks is over all the same: its time is not the other's.
    private int _resumed;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(100);

    public async ValueTask RunAsync(Wire.DrainRequest request, CallContext context, ReplyStream<Wire.DrainFrame> replies)
    {
        if (request.MaxTimeMicros > MostMicros)
        {
            throw Refusal.Limit("max_time_micros", (long)request.MaxTimeMicros, (long)MostMicros, "us", "Allow less, or drain again.");
        }
        RpcServer rpc = await handle.Rpc.ConfigureAwait(false);
        if (request.Action == Wire.DrainAction.Resume)
        {
            Interlocked.Increment(ref _resumed);
            rpc.Resume();
            await replies.WriteAsync(new Wire.DrainFrame { Header = context.ReplyHeader() }).ConfigureAwait(false);
            return;
        }
        int resumed = Volatile.Read(ref _resumed);
        rpc.BeginDrain();
        TimeSpan allowed = TimeSpan.FromMicroseconds(request.MaxTimeMicros == 0 ? DefaultMicros : request.MaxTimeMicros);
        long began = time.GetTimestamp();
        await replies.WriteAsync(Frame(rpc, allowed, context.ReplyHeader())).ConfigureAwait(false);
        while (true)
        {
            TimeSpan left = allowed - time.GetElapsedTime(began);
            if (!rpc.IsDraining || Volatile.Read(ref _resumed) != resumed)
            {
                // Somebody resumed: what is open by now is nobody's to end.
                await replies.WriteAsync(Frame(rpc, left, context.ReplyHeader())).ConfigureAwait(false);
                return;
            }
            int open = rpc.DrainingCallCount;
            if (open == 0 || left <= TimeSpan.Zero)
            {
                rpc.EndCalls();
                await replies.WriteAsync(Frame(rpc, left, context.ReplyHeader())).ConfigureAwait(false);
                return;
            }
            await Task.Delay(left < ReportEvery ? left : ReportEvery, time, context.Cancellation).ConfigureAwait(false);
            await replies.WriteAsync(Frame(rpc, left, null)).ConfigureAwait(false);
        }
    }

    private static Wire.DrainFrame Frame(RpcServer rpc, TimeSpan left, Wire.ReplyHeader? header) => new()
    {
        Header = header,
        OpenCalls = (uint)rpc.DrainingCallCount,
        RemainingMicros = (ulong)Math.Max(0, left.TotalMicroseconds),
    };
}
