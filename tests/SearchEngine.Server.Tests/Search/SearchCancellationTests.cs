using SearchEngine.Collections.Search;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Tests.Search.Admission;
using Xunit;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Tests.Search;

public sealed class SearchCancellationTests
{
    private static readonly CallOptions Once = new() { Retry = RetryPolicy.None };

    [Fact]
    public async Task Cancelled_search_scores_no_more_rows()
    {
        await using SearchHost host = await SearchHost.StartAsync(20_000, flushEvery: 20_000);
        var request = new Engine.SearchRequest { Query = SearchHost.Values(new Random(1)), Accuracy = Accuracy.Exact };
        var counting = new CancellingProgress(null);
        host.Collection.Watch(request, null, counting, default);
        Assert.True(counting.Moments > 5, $"an exact scan of 20,000 rows was shown {counting.Moments} times");
        using var cancel = new CancellationTokenSource();
        var cancelling = new CancellingProgress(cancel);
        try
        {
            host.Collection.Watch(request, null, cancelling, cancel.Token);
        }
        catch (OperationCanceledException)
        {
            // How the engine reports it does not matter here.
        }
        Assert.True(cancelling.Moments <= 2, $"{cancelling.Moments} moments were shown of a search that was cancelled at the first");
    }

    [Fact]
    public async Task Client_that_goes_away_while_it_waits_leaves_the_queue()
    {
        var desk = DeskEntry.Patient(workers: 1);
        await using SearchHost host = await SearchHost.StartAsync(100, desk: desk);
        Ticket held = desk.Take(new WorkOrder(LaneKind.Interactive, "test", 1));
        using var gone = new CancellationTokenSource();
        Task<Wire.SearchReply> search = host.Channel.UnaryAsync(SearchHost.Search, SearchHost.Request(SearchHost.Values(new Random(1))), Once, gone.Token);
        await UntilAsync(() => desk.QueuedMicros(LaneKind.Interactive) > 0, "the search does not wait");
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => search);
        await UntilAsync(() => desk.QueuedMicros(LaneKind.Interactive) == 0, "the search of a client that has gone still waits");
        desk.Leave(held);
        Assert.Equal(0, desk.Running);
    }

    [Fact]
    public async Task Overloaded_server_refuses_at_the_door_and_serves_what_it_admitted()
    {
        var desk = new AdmissionDesk(new AdmissionSettings { Workers = 1, MaxQueueMicros = 1_000 }, TimeProvider.System);
        await using SearchHost host = await SearchHost.StartAsync(100, desk: desk);
        Ticket held = desk.Take(new WorkOrder(LaneKind.Interactive, "test", 1));
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(1)));
        Task<Wire.SearchReply>[] searches =
            [.. Enumerable.Range(0, 400).Select(_ => host.Channel.UnaryAsync(SearchHost.Search, request, Once, TestContext.Current.CancellationToken))];
        // Nothing was started, so what is answered by now was refused; the others wait.
        await UntilAsync(() => searches.Count(s => s.IsFaulted) + Waiting(desk) >= searches.Length - 1, "not all searches arrived");
        RpcException refused = (RpcException)searches.First(s => s.IsFaulted).Exception!.InnerException!;
        Assert.Equal(("OVERLOADED", StatusCode.Unavailable), (refused.Reason, refused.Code));
        Assert.True(refused.RetryDelay > TimeSpan.Zero, "a refusal says when to come back");
        Assert.DoesNotContain(searches, s => s.IsCompletedSuccessfully);
        desk.Leave(held);
        await Task.WhenAll(searches.Select(async s => await s.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.Contains(searches, s => s.IsCompletedSuccessfully);
        Assert.All(searches.Where(s => s.IsCompletedSuccessfully), s => Assert.Equal(10, s.Result.Hits.Count));
        Assert.Equal(0, desk.Running);
    }

    // All searches are predicted alike while nothing runs.
    private static int Waiting(AdmissionDesk desk)
    {
        var shape = new SearchShape(SearchHost.Name, ShapeKind.Walk, 100, SearchHost.Dimension, 100, 10);
        return (int)(desk.QueuedMicros(LaneKind.Interactive) / Math.Max(1, (long)shape.FormulaMicros));
    }

    private static async Task UntilAsync(Func<bool> holds, string otherwise)
    {
        for (int i = 0; i < 3_000; i++)
        {
            if (holds())
            {
                return;
            }
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        Assert.Fail(otherwise);
    }

    private sealed class CancellingProgress(CancellationTokenSource? cancel) : ISearchProgress
    {
        public int Moments { get; private set; }

        public bool IsWanted => true;

        public void Planned(long matches, int segments, ulong sequence)
        {
        }

        public void Improved(SearchMoment moment)
        {
            Moments++;
            cancel?.Cancel();
        }
    }
}
