using SearchEngine.Rpc;
using SearchEngine.Server.Search.Admission;
using Xunit;

namespace SearchEngine.Server.Tests.Search.Admission;

/// <summary>The desk alone: work is held by tickets and time stands still, so every order of events is chosen by the test.</summary>
public sealed class AdmissionDeskTests
{
    private const long Cost = 1_000;

    private readonly ManualClock _clock = new();

    [Fact]
    public void Free_desk_admits_at_once_up_to_its_workers()
    {
        AdmissionDesk desk = Desk(workers: 2);
        desk.Take(Order());
        desk.Take(Order());
        Assert.True(desk.Enter(Order()).Waiter is not null, "a third search was let in beside two workers");
        Assert.Equal(2, desk.Running);
    }

    [Fact]
    public async Task Waiting_work_is_admitted_in_order_of_arrival()
    {
        AdmissionDesk desk = Desk();
        Ticket held = desk.Take(Order());
        Task<Ticket>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => desk.AskAsync(Order()))];
        foreach (Task<Ticket> next in waiting)
        {
            Assert.False(next.IsCompleted, "work was admitted before a place was free");
            desk.Leave(held);
            held = await next;
        }
        desk.Leave(held);
        Assert.Equal(0, desk.Running);
    }

    [Fact]
    public void Queue_is_bounded_in_predicted_time_and_the_refusal_says_when_to_come_back()
    {
        AdmissionDesk desk = Desk(maxQueue: 10 * Cost);
        desk.Take(Order());
        for (int i = 0; i < 10; i++)
        {
            _ = desk.AskAsync(Order());
        }
        RpcException refused = Assert.Throws<RpcException>(() => { _ = desk.AskAsync(Order()); });
        Assert.Equal(("OVERLOADED", StatusCode.Unavailable), (refused.Reason, refused.Code));
        Assert.True(refused.RetryDelay > TimeSpan.Zero, "no retry delay");
        Assert.Equal(10 * Cost, desk.QueuedMicros(LaneKind.Interactive));
        Assert.NotEmpty(refused.Facts["fix"]);
    }

    [Fact]
    public void Bulk_does_not_take_the_room_of_interactive_work()
    {
        AdmissionDesk desk = Desk(maxQueue: 10 * Cost);
        desk.Take(Order());
        for (int i = 0; i < 10; i++)
        {
            _ = desk.AskAsync(Order(LaneKind.Bulk));
        }
        Assert.Throws<RpcException>(() => { _ = desk.AskAsync(Order(LaneKind.Bulk)); });
        Assert.False(desk.AskAsync(Order()).IsCompleted);
    }

    [Fact]
    public async Task Lanes_share_the_machine_by_weight_while_both_wait()
    {
        AdmissionDesk desk = Desk(maxQueue: 1_000 * Cost);
        Ticket held = desk.Take(Order());
        Task<Ticket>[] interactive = [.. Enumerable.Range(0, 100).Select(_ => desk.AskAsync(Order()))];
        Task<Ticket>[] bulk = [.. Enumerable.Range(0, 100).Select(_ => desk.AskAsync(Order(LaneKind.Bulk)))];
        int bulkServed = 0;
        var open = new HashSet<Task<Ticket>>([.. interactive, .. bulk]);
        for (int i = 0; i < 50; i++)
        {
            desk.Leave(held);
            Task<Ticket> next = await Task.WhenAny(open);
            open.Remove(next);
            bulkServed += bulk.Contains(next) ? 1 : 0;
            held = await next;
        }
        Assert.True(bulkServed is >= 9 and <= 11, $"{bulkServed} of 50 places went to bulk, a fifth should");
    }

    [Fact]
    public async Task Callers_take_turns_whatever_they_send()
    {
        AdmissionDesk desk = Desk(maxQueue: 1_000 * Cost);
        Ticket held = desk.Take(Order());
        Task<Ticket>[] greedy = [.. Enumerable.Range(0, 50).Select(_ => desk.AskAsync(Order(caller: "greedy")))];
        Task<Ticket>[] modest = [.. Enumerable.Range(0, 5).Select(_ => desk.AskAsync(Order(caller: "modest")))];
        var open = new HashSet<Task<Ticket>>([.. greedy, .. modest]);
        for (int i = 0; i < 11; i++)
        {
            desk.Leave(held);
            Task<Ticket> next = await Task.WhenAny(open);
            open.Remove(next);
            held = await next;
        }
        Assert.True(modest.All(t => t.IsCompleted), "five searches of one caller waited behind fifty of another");
    }

    [Fact]
    public async Task Caller_that_filled_the_queue_gives_way_to_another()
    {
        AdmissionDesk desk = Desk(maxQueue: 10 * Cost);
        desk.Take(Order());
        Task<Ticket>[] greedy = [.. Enumerable.Range(0, 10).Select(_ => desk.AskAsync(Order(caller: "greedy")))];
        Task<Ticket> modest = desk.AskAsync(Order(caller: "modest"));
        Assert.False(modest.IsCompleted);
        RpcException evicted = await Assert.ThrowsAsync<RpcException>(() => greedy[^1]);
        Assert.Equal(("CONCURRENCY", "greedy"), (evicted.Reason, evicted.Facts["key"]));
        RpcException refused = Assert.Throws<RpcException>(() => { _ = desk.AskAsync(Order(caller: "greedy")); });
        Assert.Equal("CONCURRENCY", refused.Reason);
        Assert.Equal(StatusCode.ResourceExhausted, refused.Code);
        Assert.NotEmpty(refused.QuotaViolations);
    }

    [Fact]
    public void Work_that_cannot_be_in_time_is_refused_before_it_starts()
    {
        AdmissionDesk desk = Desk();
        RpcException refused = Assert.Throws<RpcException>(() => desk.Take(Order(remaining: Cost)));
        Assert.Equal(("PREDICTED_LATE", StatusCode.Unavailable), (refused.Reason, refused.Code));
        Assert.Equal("1000", refused.Facts["remaining_micros"]);
        desk.Take(Order(remaining: 10 * Cost));
        Assert.False(desk.AskAsync(Order(remaining: Cost, partial: true)).IsFaulted, "a partial answer was allowed, the wait fits");
        Assert.Throws<RpcException>(() => { _ = desk.AskAsync(Order(remaining: 2 * Cost)); });
    }

    [Fact]
    public void Refusal_is_the_predictions_fault_only_where_wait_and_reserve_leave_time()
    {
        AdmissionDesk desk = Desk();
        long reserve = desk.Settings.SendReserveMicros;
        Assert.False(desk.Enter(Order(remaining: 1)).IsPrediction, "a microsecond is too little whatever was predicted");
        Assert.False(desk.Enter(Order(remaining: reserve)).IsPrediction, "the reserve alone takes all of it");
        Assert.True(desk.Enter(Order(remaining: reserve + Cost / 2)) is { IsPrediction: true, Refusal: not null }, "half the predicted work would have fitted");
        desk.Take(Order());
        _ = desk.AskAsync(Order());
        Assert.True(desk.Enter(Order(remaining: Cost)) is { IsPrediction: false, Refusal: not null }, "the queue alone takes longer");
    }

    [Fact]
    public async Task Work_that_waited_until_it_is_late_is_refused_instead_of_done()
    {
        AdmissionDesk desk = Desk();
        Ticket held = desk.Take(Order());
        Task<Ticket> late = desk.AskAsync(Order(remaining: 5 * Cost));
        Task<Ticket> patient = desk.AskAsync(Order());
        _clock.Advance(TimeSpan.FromMicroseconds(4 * Cost + 1));
        desk.Leave(held);
        Assert.Equal("PREDICTED_LATE", (await Assert.ThrowsAsync<RpcException>(() => late)).Reason);
        Assert.Equal(4 * Cost + 1, (await patient).WaitedMicros);
    }

    [Fact]
    public async Task Cancelled_waiter_leaves_the_queue_and_costs_nobody_a_place()
    {
        AdmissionDesk desk = Desk();
        Ticket held = desk.Take(Order());
        using var cancel = new CancellationTokenSource();
        Task<Ticket> gone = desk.AskAsync(Order(), cancel.Token);
        Task<Ticket> stays = desk.AskAsync(Order());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal(Cost, desk.QueuedMicros(LaneKind.Interactive));
        desk.Leave(held);
        await stays;
        Assert.Equal(1, desk.Running);
    }

    [Fact]
    public async Task Five_times_too_much_work_keeps_every_place_busy_and_refuses_the_rest_at_the_door()
    {
        const int Rounds = 500;
        AdmissionDesk desk = Desk(workers: 2, maxQueue: 20 * Cost);
        var running = new Queue<Ticket>();
        List<Task<Ticket>> waiting = [];
        int served = 0, refused = 0;
        long longest = 0;
        for (int round = 0; round < Rounds; round++)
        {
            // Ten arrivals, of which two can be served before the next ten.
            for (int i = 0; i < 10; i++)
            {
                try
                {
                    Task<Ticket> entered = desk.AskAsync(Order());
                    if (entered.IsCompleted)
                    {
                        running.Enqueue(await entered);
                    }
                    else
                    {
                        waiting.Add(entered);
                    }
                }
                catch (RpcException overload)
                {
                    Assert.Equal("OVERLOADED", overload.Reason);
                    refused++;
                }
            }
            Assert.Equal(2, desk.Running);
            Assert.True(desk.QueuedMicros(LaneKind.Interactive) <= 20 * Cost, "the queue outgrew its bound");
            _clock.Advance(TimeSpan.FromMicroseconds(Cost));
            for (int i = 0; i < 2; i++)
            {
                desk.Leave(running.Dequeue());
                served++;
                Task<Ticket> next = await Task.WhenAny(waiting);
                waiting.Remove(next);
                running.Enqueue(await next);
                longest = Math.Max(longest, (await next).WaitedMicros);
            }
        }
        Assert.True(longest <= 11 * Cost, $"work that was let in waited {longest} us where at most ten pieces stand before each place");
        Assert.Equal(2 * Rounds, served);
        Assert.True(waiting.Count <= 20, $"{waiting.Count} wait at the end");
        Assert.Equal(10 * Rounds, served + refused + waiting.Count + running.Count);
    }

    [Fact]
    public void Interactive_work_that_would_wait_too_long_is_refused_though_the_queue_has_room()
    {
        AdmissionDesk desk = Desk(workers: 2, maxQueue: 200 * Cost, maxWait: 10 * Cost);
        desk.Take(Order());
        desk.Take(Order());
        Assert.Equal(20, AdmittedOf(desk, Order(), 100));
        Assert.Equal("OVERLOADED", desk.Enter(Order()).Refusal?.Reason);
        Assert.Equal(200, AdmittedOf(desk, Order(LaneKind.Bulk), 300));
    }

    [Fact]
    public void Slow_searches_wait_in_small_numbers_however_long_they_take()
    {
        AdmissionDesk desk = Desk(workers: 2, maxQueue: 1_000 * Cost, maxWait: Cost);
        WorkOrder slow = Order() with { PredictedMicros = 50 * Cost };
        desk.Take(slow);
        desk.Take(slow);
        Assert.Equal(2 * AdmissionSettings.LeastWaiters, AdmittedOf(desk, slow, 100));
    }

    [Fact]
    public async Task Crowded_lane_is_served_in_order_of_arrival()
    {
        AdmissionDesk desk = Desk(maxQueue: 10 * Cost);
        Ticket held = desk.Take(Order());
        Task<Ticket>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => desk.AskAsync(Order()))];
        foreach (Task<Ticket> next in waiting)
        {
            desk.Leave(held);
            held = await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            // The lane stays as full as it may be.
            _ = desk.AskAsync(Order());
        }
    }

    [Fact]
    public async Task Queue_gets_shorter_when_places_become_free_slower_than_predicted()
    {
        const int Short = 40;
        // The crowd never goes: what may wait is the standing part.
        AdmissionDesk desk = Desk(maxQueue: 1_000 * Cost, maxWait: (long)(Short / AdmissionSettings.StandingShare) * Cost);
        Ticket held = desk.Take(Order());
        var waiting = new Queue<Task<Ticket>>();
        while (desk.Enter(Order()) is { Refusal: null } entry)
        {
            waiting.Enqueue(desk.WaitAsync(entry.Waiter!, default));
        }
        Assert.Equal(5 * Short, waiting.Count);
        // Each search takes four times what it was predicted to.
        for (int i = 0; i < 800; i++)
        {
            _clock.Advance(TimeSpan.FromMicroseconds(4 * Cost));
            desk.Leave(held);
            held = await waiting.Dequeue();
            if (desk.Enter(Order()) is { Refusal: null } entry)
            {
                waiting.Enqueue(desk.WaitAsync(entry.Waiter!, default));
            }
        }
        Assert.Equal(10, waiting.Count);
    }

    [Fact]
    public void Crowd_that_does_not_go_finds_a_shorter_queue_until_it_has_gone()
    {
        const int Burst = 40, Standing = 8;
        AdmissionDesk desk = Desk(maxQueue: 1_000 * Cost, maxWait: Burst * Cost);
        Ticket held = desk.Take(Order());
        Assert.Equal(Burst, AdmittedOf(desk, Order(), 100));
        _clock.Advance(AdmissionSettings.Standing);
        // Those let in before are served; nobody follows them before the queue is as short as it may be now.
        for (int waiting = Burst; waiting >= Standing; waiting--)
        {
            Assert.Equal("OVERLOADED", desk.Enter(Order()).Refusal?.Reason);
            desk.Leave(held);
        }
        Assert.Equal(1, AdmittedOf(desk, Order(), 100));
        for (int left = Standing + 1; left > 0; left--)
        {
            desk.Leave(held);
        }
        Assert.Equal(0, desk.Running);
        held = desk.Take(Order());
        Assert.True(AdmittedOf(desk, Order(), 100) == Standing, "The crowd was away for a moment, and may wait as long as a burst again.");
        for (int left = Standing + 1; left > 0; left--)
        {
            desk.Leave(held);
        }
        _clock.Advance(AdmissionSettings.Gone);
        desk.Take(Order());
        Assert.True(AdmittedOf(desk, Order(), 100) == Burst, "The crowd has gone, and its short queue has stayed.");
    }

    private static int AdmittedOf(AdmissionDesk desk, WorkOrder order, int tries) => Enumerable.Range(0, tries).Count(_ => desk.Enter(order).Refusal is null);

    private AdmissionDesk Desk(int workers = 1, long maxQueue = 200 * Cost, long? maxWait = null) =>
        new(new AdmissionSettings { Workers = workers, MaxQueueMicros = maxQueue, MaxWaitMicros = maxWait ?? maxQueue / workers }, _clock);

    private static WorkOrder Order(LaneKind lane = LaneKind.Interactive, string caller = "", long? remaining = null, bool partial = false) =>
        new(lane, caller, Cost, remaining, partial);
}
