using SearchEngine.Collections.Search;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Tests.Search.Admission;
using Xunit;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Work that nobody waits for any more is not done.</summary>
public sealed class SearchWorkTests
{
    private const int Points = 20_000;

    [Fact]
    public async Task Rows_scored_by_a_cancelled_search_are_those_until_it_was_cancelled()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points, flushEvery: Points);
        foreach (Accuracy accuracy in (Accuracy[])[Accuracy.Exact, Accuracy.OfBreadth(4_000)])
        {
            var request = new Engine.SearchRequest { Query = SearchHost.Values(new Random(1)), Accuracy = accuracy, AllowPartial = true };
            SearchPlan whole = host.Collection.Watch(request, null, new CancellingProgress(null), default).Result.Plan;
            using var cancel = new CancellationTokenSource();
            SearchResult partial = host.Collection.Watch(request, null, new CancellingProgress(cancel), cancel.Token).Result;
            (long done, long all) = (Rows(partial.Plan), Rows(whole));
            Assert.False(partial.IsComplete, $"{accuracy}: a search that was cancelled says that it is complete");
            Assert.True(done < all / 4, $"{accuracy}: a search cancelled when it first showed something scored {done} rows of {all}.");
        }
    }

    [Fact]
    public async Task Deadline_that_passes_in_the_queue_ends_the_call_and_its_place_in_the_queue()
    {
        var desk = DeskEntry.Patient(workers: 1);
        await using SearchHost host = await SearchHost.StartAsync(100, desk: desk);
        Ticket held = desk.Take(new WorkOrder(LaneKind.Interactive, "test", 1));
        var once = new CallOptions { Retry = RetryPolicy.None, Timeout = TimeSpan.FromMilliseconds(300) };

        RpcException ended = await Assert.ThrowsAsync<RpcException>(
            () => host.Channel.UnaryAsync(SearchHost.Search, SearchHost.Request(SearchHost.Values(new Random(1))), once, TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.DeadlineExceeded, ended.Code);
        while (desk.QueuedMicros(LaneKind.Interactive) > 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        desk.Leave(held);
        Assert.Equal(0, desk.Running);
        Assert.Equal(10, (await host.SearchAsync(SearchHost.Request(SearchHost.Values(new Random(1))))).Hits.Count);
    }

    [Fact]
    public async Task Search_that_cannot_be_in_time_is_refused_before_it_starts()
    {
        await using SearchHost host = await SearchHost.StartAsync(Points);
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(1)));
        request.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
        request.Budget = new Wire.Budget { TimeMicros = 20 };

        RpcException late = await Assert.ThrowsAsync<RpcException>(() => host.SearchAsync(request));

        Assert.Equal((StatusCode.Unavailable, "PREDICTED_LATE"), (late.Code, late.Reason));
        Assert.True(long.Parse(late.Facts["predicted_micros"], System.Globalization.CultureInfo.InvariantCulture) > 20, late.Facts["predicted_micros"]);
    }

    private static long Rows(SearchPlan plan) => plan.Scored + plan.Rescored;

    private sealed class CancellingProgress(CancellationTokenSource? cancel) : ISearchProgress
    {
        public bool IsWanted => true;

        public void Planned(long matches, int segments, ulong sequence)
        {
        }

        public void Improved(SearchMoment moment) => cancel?.Cancel();
    }
}
