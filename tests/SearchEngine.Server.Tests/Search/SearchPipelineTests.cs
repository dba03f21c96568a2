using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Tests.Search.Admission;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

public sealed class SearchPipelineTests
{
    private const int Points = 1_000;

    [Fact]
    public async Task Answers_match_their_requests_whatever_the_order()
    {
        const int Seed = 6, Searches = 400;
        await using SearchHost host = await SearchHost.StartAsync(Points);
        var random = new Random(Seed);
        Dictionary<ulong, Wire.SearchRequest> requests = [];
        while (requests.Count < Searches)
        {
            requests[(ulong)random.NextInt64()] = RandomSearches.Make(random, Points);
        }
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call = await OpenAsync(host);
        Task sending = Task.Run(
            async () =>
            {
                foreach ((ulong id, Wire.SearchRequest search) in requests)
                {
                    await call.WriteAsync(new Wire.PipelineRequest { CallId = id, Search = search });
                }
                call.CompleteRequests();
            },
            TestContext.Current.CancellationToken);
        Dictionary<ulong, Wire.PipelineReply> replies = [];
        while (await call.ReadAsync() is { } reply)
        {
            Assert.True(replies.TryAdd(reply.CallId, reply), $"search {reply.CallId} was answered twice");
        }
        await sending;
        Assert.Equal(requests.Keys.Order(), replies.Keys.Order());
        foreach ((ulong id, Wire.SearchRequest search) in requests.Take(100))
        {
            Assert.True((await host.SearchAsync(search)).Hits.Equals(replies[id].Reply?.Hits), $"seed {Seed}: wrong answer to {search}: {replies[id]}");
        }
    }

    [Fact]
    public async Task Pipeline_is_not_refused_for_its_own_searches()
    {
        // Of these searches none may wait a microsecond, except for the few that may always.
        var desk = new AdmissionDesk(new AdmissionSettings { Workers = 1, MaxWaitMicros = 1 }, TimeProvider.System);
        await using SearchHost host = await SearchHost.StartAsync(Points, desk: desk);
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call = await OpenAsync(host);
        for (ulong id = 1; id <= SearchLimits.MaxInFlight; id++)
        {
            await call.WriteAsync(new Wire.PipelineRequest { CallId = id, Search = SearchHost.Request(SearchHost.Values(new Random((int)id))) });
        }
        call.CompleteRequests();
        while (await call.ReadAsync() is { } reply)
        {
            Assert.True(reply.Reply is not null, $"search {reply.CallId} was refused: {reply.Error}");
        }
    }

    [Fact]
    public async Task Failed_search_does_not_end_the_stream()
    {
        await using SearchHost host = await SearchHost.StartAsync(100);
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call = await OpenAsync(host);
        await call.WriteAsync(new Wire.PipelineRequest { CallId = 1, Search = SearchHost.Request(new float[3]) });
        Wire.PipelineReply failed = (await call.ReadAsync())!;
        Assert.Equal((1UL, Wire.ErrorReason.DimensionMismatch), (failed.CallId, failed.Error.Reason));
        await call.WriteAsync(new Wire.PipelineRequest { CallId = 1, Search = SearchHost.Request(SearchHost.Values(new Random(1))) });
        Assert.Equal(10, (await call.ReadAsync())!.Reply.Hits.Count);
    }

    [Fact]
    public async Task Searches_overtake_each_other_and_a_cancelled_one_is_answered_with_cancelled()
    {
        var desk = DeskEntry.Patient(workers: 1);
        await using SearchHost host = await SearchHost.StartAsync(100, desk: desk);
        // The only place is taken, so what is sent now waits until the test lets it go.
        Ticket held = desk.Take(new WorkOrder(LaneKind.Interactive, "test", 1));
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call = await OpenAsync(host);
        await call.WriteAsync(new Wire.PipelineRequest { CallId = 1, Search = SearchHost.Request(SearchHost.Values(new Random(1))) });
        await call.WriteAsync(new Wire.PipelineRequest { CallId = 2, Search = SearchHost.Request(SearchHost.Values(new Random(2))) });
        await call.WriteAsync(new Wire.PipelineRequest { CallId = 1, Cancel = new Wire.PipelineCancel() });
        Wire.PipelineReply cancelled = (await call.ReadAsync())!;
        Assert.Equal((1UL, (uint)StatusCode.Cancelled), (cancelled.CallId, cancelled.Error.Code));
        desk.Leave(held);
        Wire.PipelineReply answered = (await call.ReadAsync())!;
        Assert.Equal(2UL, answered.CallId);
        Assert.NotNull(answered.Reply);
    }

    [Fact]
    public async Task Waiting_for_a_turn_is_part_of_the_time_of_a_search()
    {
        TimeSpan budget = TimeSpan.FromMilliseconds(100);
        var desk = DeskEntry.Patient(workers: 1);
        await using SearchHost host = await SearchHost.StartAsync(100, desk: desk);
        Ticket held = desk.Take(new WorkOrder(LaneKind.Interactive, "test", 1));
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call = await OpenAsync(host);
        // Two wait at the desk and have all turns.
        for (ulong id = 1; id <= 2; id++)
        {
            long before = desk.QueuedMicros(LaneKind.Interactive);
            await SendAsync(id, null);
            Assert.True(
                SpinWait.SpinUntil(() => desk.QueuedMicros(LaneKind.Interactive) > before, TimeSpan.FromMinutes(1)), $"search {id} does not wait at the desk");
        }
        await SendAsync(3, new Wire.Budget { TimeMicros = (uint)budget.TotalMicroseconds });
        await SendAsync(4, null);
        await SendAsync(5, null);
        await call.WriteAsync(new Wire.PipelineRequest { CallId = 5, Cancel = new Wire.PipelineCancel() });
        // Frames are read in their order, so the others wait as well.
        Assert.Equal(5UL, (await call.ReadAsync())!.CallId);
        await Task.Delay(2 * budget, TestContext.Current.CancellationToken);
        desk.Leave(held);
        call.CompleteRequests();
        Dictionary<ulong, Wire.PipelineReply> replies = [];
        while (await call.ReadAsync() is { } reply)
        {
            replies.Add(reply.CallId, reply);
        }
        Assert.Equal(Wire.ErrorReason.PredictedLate, replies[3].Error?.Reason);
        Wire.Timings patient = replies[4].Reply.Header.Timings;
        Assert.True(patient.AdmitMicros > budget.TotalMicroseconds, $"The wait for a turn is told nowhere: {patient}");
        Assert.True(patient.TotalMicros >= patient.AdmitMicros, $"The wait for a turn is not part of the whole: {patient}");

        ValueTask SendAsync(ulong id, Wire.Budget? budget)
        {
            Wire.SearchRequest search = SearchHost.Request(SearchHost.Values(new Random((int)id)));
            search.Budget = budget;
            return call.WriteAsync(new Wire.PipelineRequest { CallId = id, Search = search });
        }
    }

    [Fact]
    public async Task Number_in_flight_and_empty_frames_end_the_stream_with_frame_order()
    {
        var desk = DeskEntry.Patient(workers: 1);
        await using SearchHost host = await SearchHost.StartAsync(100, desk: desk);
        Ticket held = desk.Take(new WorkOrder(LaneKind.Interactive, "test", 1));
        Wire.PipelineRequest search = new() { CallId = 5, Search = SearchHost.Request(SearchHost.Values(new Random(1))) };
        await using (DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> twice = await OpenAsync(host))
        {
            await twice.WriteAsync(search);
            await twice.WriteAsync(search);
            Assert.Equal("FRAME_ORDER", (await Assert.ThrowsAsync<RpcException>(() => EndAsync(twice))).Reason);
        }
        await using (DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> empty = await OpenAsync(host))
        {
            await empty.WriteAsync(new Wire.PipelineRequest { CallId = 5 });
            Assert.Equal("FRAME_ORDER", (await Assert.ThrowsAsync<RpcException>(() => EndAsync(empty))).Reason);
        }
        desk.Leave(held);
        Assert.Equal(10, (await host.SearchAsync(search.Search)).Hits.Count);
    }

    private static async Task EndAsync(DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call)
    {
        while (await call.ReadAsync() is not null)
        {
        }
    }

    private static async Task<DuplexCall<Wire.PipelineRequest, Wire.PipelineReply>> OpenAsync(SearchHost host)
    {
        DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> call =
            await host.Channel.DuplexAsync(SearchHost.Pipeline, cancellation: TestContext.Current.CancellationToken);
        Wire.PipelineReply first = (await call.ReadAsync())!;
        Assert.True(first.Started?.MaxInFlight > 0, "the first frame is not PipelineStarted");
        return call;
    }
}
