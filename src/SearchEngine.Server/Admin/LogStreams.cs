using Google.Protobuf.WellKnownTypes;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Operations.Rechecks;

namespace SearchEngine.Server.Admin;

/// <summary>Admin.SlowLog and Admin.WrongLog: what is kept, the newest first, then what comes, joined in frames as fast as the reader takes them.</summary>
internal sealed class LogStreams(ServerState server, ServerWatch watch)
{
    private const uint DefaultEntries = 100;
    private const uint MostEntries = 10_000;
    private const int FrameEntries = 200;

    public async ValueTask SlowAsync(Wire.SlowLogRequest request, CallContext context, ReplyStream<Wire.SlowLogFrame> replies)
    {
        ulong threshold = (ulong)watch.Slow.Threshold.TotalMicroseconds;
        if (request.MinMicros != 0 && request.MinMicros < threshold)
        {
            throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, "min_micros", $"Only calls of at least {threshold} us are kept.", "Ask for at least that, or start the server with a lower threshold.",
                actual: Refusal.Number((long)request.MinMicros), limit: $"at least {threshold} us");
        }
        bool Fits(Wire.SlowCall call) => call.Timings.TotalMicros >= request.MinMicros && MaySee(context, call.Collection);
        bool isFirst = true;
        await FollowAsync(watch.Slow.Entries, Fits, Count(request.MaxEntries), request.Follow, context, async entries =>
        {
            var frame = new Wire.SlowLogFrame { Header = isFirst ? context.ReplyHeader() : null };
            isFirst = false;
            frame.Calls.Add(entries);
            await replies.WriteAsync(frame).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public async ValueTask WrongAsync(Wire.WrongLogRequest request, CallContext context, ReplyStream<Wire.WrongLogFrame> replies)
    {
        string? only = request.Header is { Collection.Length: > 0 } ? context.Collection.Name : null;
        bool Fits(Wire.WrongSearch search) => (only is null || search.Collection == only) && MaySee(context, search.Collection);
        bool isFirst = true;
        await FollowAsync(watch.Rechecks.Wrong, Fits, Count(request.MaxEntries), request.Follow, context, async entries =>
        {
            var frame = new Wire.WrongLogFrame { Header = isFirst ? context.ReplyHeader() : null };
            isFirst = false;
            frame.Searches.Add(entries);
            frame.Summaries.Add(watch.Rechecks.Tallies.Where(t => (only is null || t.Collection == only) && MaySee(context, t.Collection)).Select(Summary));
            await replies.WriteAsync(frame).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async ValueTask FollowAsync<T>(
        LogRing<T> ring, Func<T, bool> fits, int most, Wire.Follow follow, CallContext context, Func<IEnumerable<T>, Task> send)
    {
        (List<T> kept, long next, Task changed) = ring.Since(0);
        // The first frame comes in any case: it has the header, and tells that there is nothing.
        T[] newest = [.. kept.AsEnumerable().Reverse().Where(fits).Take(most)];
        await send(newest.Take(FrameEntries)).ConfigureAwait(false);
        foreach (T[] more in newest.Skip(FrameEntries).Chunk(FrameEntries))
        {
            await send(more).ConfigureAwait(false);
        }
        while (follow == Wire.Follow.New)
        {
            await changed.WaitAsync(context.Cancellation).ConfigureAwait(false);
            server.Stopping.ThrowIfCancellationRequested();
            (List<T> fresh, next, changed) = ring.Since(next);
            T[] wanted = [.. fresh.Where(fits)];
            if (wanted.Length > 0)
            {
                await send(wanted).ConfigureAwait(false);
            }
        }
    }

    private static bool MaySee(CallContext context, string collection) => collection.Length == 0 || context.Caller.MayUse(collection);

    private static int Count(uint asked) => asked <= MostEntries
        ? (int)(asked == 0 ? DefaultEntries : asked)
        : throw Refusal.Limit("max_entries", asked, MostEntries, "entries", "Ask for fewer, and follow the log for what comes.");

    private static Wire.RecheckSummary Summary(RecheckTally tally) => new()
    {
        Collection = tally.Collection,
        Rechecked = (ulong)tally.Count,
        Recall = (float)tally.Mean,
        RecallLow = (float)tally.Low,
        Since = Timestamp.FromDateTimeOffset(tally.Since),
    };
}
