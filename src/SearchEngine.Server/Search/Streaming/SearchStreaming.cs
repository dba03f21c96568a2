using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Search.Streaming;

/// <summary>
/// One streamed search: the search runs on a thread of its own and never waits for the reader; the reader gets the plan, whatever is newest
/// when it can take more, and the closing frame.
/// </summary>
internal sealed class SearchStreaming(SearchRunner runner, TimeProvider clock)
{
    public async ValueTask RunAsync(Wire.SearchStreamRequest request, CallContext context, SearchOrder order, ReplyStream<Wire.SearchFrame> replies)
    {
        using var progress = new StreamProgress(
            clock, TimeSpan.FromMicroseconds(request.MinIntervalMicros), request.Form != Wire.StreamForm.FinalOnly);
        Task<SearchAnswer> search = Task.Run(() => SearchAsync(order, context, progress));
        try
        {
            await SendAsync(new StreamFrames(order, context, request.Form), order, progress, replies, context.Call.Cancellation).ConfigureAwait(false);
        }
        finally
        {
            // The request's bytes are the call's: nobody may read them once it returns.
            await ((Task)search).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        SearchAnswer answer = await search.ConfigureAwait(false);
        Wire.SearchReply reply = SearchReplies.Build(order, answer, context, context.ReplyLimit);
        await replies.WriteAsync(new Wire.SearchFrame { Reply = reply }).ConfigureAwait(false);
    }

    public static void Check(Wire.SearchStreamRequest request)
    {
        if (request.Search is null)
        {
            throw Refusal.Required("search", "Set the search.");
        }
        if (request.MinIntervalMicros > SearchLimits.MaxIntervalMicros)
        {
            throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, "min_interval_micros", "The interval is longer than a minute.", "Use STREAM_FORM_FINAL_ONLY for no results in between.",
                actual: Refusal.Number(request.MinIntervalMicros), limit: $"{SearchLimits.MaxIntervalMicros} us");
        }
    }

    private async Task<SearchAnswer> SearchAsync(SearchOrder order, CallContext context, StreamProgress progress)
    {
        try
        {
            return await runner.RunAsync(order, context, progress).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }
    }

    private async ValueTask SendAsync(
        StreamFrames frames, SearchOrder order, StreamProgress progress, ReplyStream<Wire.SearchFrame> replies, CancellationToken cancel)
    {
        while (await progress.NextAsync(cancel).ConfigureAwait(false) is { } step)
        {
            if (step.Plan is { } plan)
            {
                await replies.WriteAsync(frames.Plan(plan, runner.Predict(order))).ConfigureAwait(false);
            }
            if (step.Newest is { } newest)
            {
                await replies.WriteAsync(frames.Result(newest.Revision, newest.Moment)).ConfigureAwait(false);
                progress.Sent();
            }
        }
    }
}
