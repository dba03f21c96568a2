using SearchEngine.Collections;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search.Shadow;

/// <summary>
/// Collections.CompareShadow: answers a share of the live searches from another collection too, in the bulk lane and only while nobody waits for a
/// place, and tells how the answers differ.
/// </summary>
internal sealed class ShadowComparison(ServerState server, SearchRunner runner, ShadowOrder order, CallContext shadow, ReplyStream<Wire.CompareShadowFrame> replies)
{
    private const int MaxTextBytes = 1_024;
    private static readonly TimeSpan LookAround = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan SummaryEvery = TimeSpan.FromSeconds(1);

    private readonly SearchTexts _texts = new(server.Texts);
    private readonly ShadowSums _sums = new();
    private long _told = server.Time.GetTimestamp();

    /// <param name="live">The call, about the collection whose searches are taken.</param>
    public async Task RunAsync(CallContext live)
    {
        ShadowTap tap = server.Shadows.Open(live.Collection.Name, order.Share);
        using var timer = new CancellationTokenSource(order.MostTime, server.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, live.Cancellation);
        try
        {
            // The caller knows by this frame that searches are taken from now on.
            await TellAsync(null).ConfigureAwait(false);
            while (_sums.Queries < order.MostQueries)
            {
                await CompareAsync(await tap.Searches.ReadAsync(end.Token).ConfigureAwait(false), end.Token).ConfigureAwait(false);
                if (server.Time.GetElapsedTime(_told) >= SummaryEvery)
                {
                    await TellAsync(null).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !live.Cancellation.IsCancellationRequested)
        {
            // The time for it is over.
        }
        finally
        {
            server.Shadows.Close(tap);
        }
        await TellAsync(live.ReplyHeader()).ConfigureAwait(false);
    }

    private async Task CompareAsync(ShadowedSearch asked, CancellationToken cancel)
    {
        while (!runner.Desk.IsIdle)
        {
            await Task.Delay(LookAround, server.Time, cancel).ConfigureAwait(false);
        }
        if (await AnswerAsync(asked, cancel).ConfigureAwait(false) is not { } answer)
        {
            _sums.Fail();
            return;
        }
        float overlap = _sums.Add(asked.Hits, asked.Micros, answer.Result.Hits, answer.Micros);
        if (overlap < order.ReportBelow || (order.ReportBelow >= 1 && !asked.Hits.Select(static h => h.Id).SequenceEqual(answer.Result.Hits.Select(static h => h.Id))))
        {
            var difference = new Wire.ShadowDifference
            {
                Text = TextOf(asked.Search),
                Overlap = overlap,
                LiveMicros = ShadowSums.Saturated(asked.Micros),
                ShadowMicros = ShadowSums.Saturated(answer.Micros),
            };
            difference.LiveHits.Add(asked.Hits.Select(Bare));
            difference.ShadowHits.Add(answer.Result.Hits.Select(Bare));
            await replies.WriteAsync(new Wire.CompareShadowFrame { Difference = difference }).ConfigureAwait(false);
        }
    }

    /// <returns>Null where the shadow refuses what the live collection answered.</returns>
    private async Task<SearchAnswer?> AnswerAsync(ShadowedSearch asked, CancellationToken cancel)
    {
        try
        {
            // Its budget counts from now, not from the beginning of the comparison.
            CallContext own = shadow.Beside();
            var caller = own.Caller with { Injected = asked.Injected };
            SearchOrder search = SearchMap.Read(asked.Search, own.Collection, caller);
            search = await _texts.EncodeAsync(search, own, cancel).ConfigureAwait(false);
            return await runner.RunAsync(search, own, own: cancel).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is RpcException or CollectionException)
        {
            return null;
        }
    }

    private async Task TellAsync(Wire.ReplyHeader? header)
    {
        Wire.ShadowSummary summary = _sums.ToSummary();
        summary.Header = header;
        await replies.WriteAsync(new Wire.CompareShadowFrame { Summary = summary }).ConfigureAwait(false);
        _told = server.Time.GetTimestamp();
    }

    private static string TextOf(Wire.SearchRequest search) =>
        search.Query?.KindCase == Wire.Query.KindOneofCase.Text ? Refusal.Shown(search.Query.Text.Text, MaxTextBytes) : "";

    private static Wire.Hit Bare(Engine.Hit hit) => new() { Id = IdMap.Write(hit.Id), Score = hit.Score };
}
