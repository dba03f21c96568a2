using SearchEngine.Encoder.Batching;
using SearchEngine.Models.Inference;
using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Encoder.Tests.Batching;

public sealed class BatchQueueTests
{
    private const int Seed = 5;

    private readonly ManualClock _clock = new();
    private readonly ModelPace _pace = Waiting.Pace();

    [Fact]
    public void A_full_lane_refuses_with_a_retry_delay_and_other_lanes_do_not()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        void Flood()
        {
            while (true)
                queue.Submit([Waiting.Text(_pace, 500)], double.PositiveInfinity);
        }
        var refused = Assert.Throws<RpcException>((Action)Flood);
        Assert.Equal("OVERLOADED", refused.Reason);
        Assert.Equal(StatusCode.Unavailable, refused.Code);
        Assert.True(refused.RetryDelay > TimeSpan.FromMilliseconds(100), $"A queue of half a second says {refused.RetryDelay}.");
        Assert.InRange(queue.QueuedMillis(LaneKind.Query), 400, LaneRules.Default.QueueMillis[0]);
        queue.Submit([Waiting.Text(_pace, 500, LaneKind.Bulk)], double.PositiveInfinity);
    }

    [Fact]
    public void A_call_larger_than_its_lane_is_taken_by_an_empty_one()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        queue.Submit([.. Enumerable.Range(0, 1_000).Select(_ => Waiting.Text(_pace, 500))], double.PositiveInfinity);
        Assert.Equal(1_000, queue.Count);
    }

    [Fact]
    public void A_lane_that_is_empty_again_has_no_work_left_and_takes_a_larger_call()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        var random = new Random(Seed);
        for (var round = 0; round < 20; round++)
        {
            WaitingText[] texts = [.. Enumerable.Range(0, 30).Select(_ => Waiting.Text(_pace, 1 + random.Next(512)))];
            WaitingText[] large = [.. Enumerable.Range(0, 200).Select(_ => Waiting.Text(_pace, 500))];
            foreach (var text in texts)
                queue.Submit([text], double.PositiveInfinity);
            foreach (var text in texts)
                text.Abandon();
            queue.Sweep();
            Assert.True(queue.QueuedMillis(LaneKind.Query) == 0, $"An empty lane has work in round {round} of seed {Seed}.");
            queue.Submit(large, double.PositiveInfinity);
            foreach (var text in large)
                text.Abandon();
            queue.Sweep();
        }
    }

    [Fact]
    public void A_lane_of_too_many_texts_is_full_whatever_they_cost_and_other_lanes_are_not()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        queue.Submit(
            [.. Enumerable.Range(0, LaneLoad.MostTexts - 1).Select(_ => Waiting.Text(_pace, 1, LaneKind.Bulk))], double.PositiveInfinity);
        queue.SubmitWithin(Waiting.Text(_pace, 1, LaneKind.Bulk));
        Assert.True(queue.QueuedMillis(LaneKind.Bulk) < LaneRules.Default.QueueMillis[2], "The lane is full by its work already.");
        Action[] beyond =
        [
            () => queue.Submit([Waiting.Text(_pace, 1, LaneKind.Bulk)], double.PositiveInfinity),
            () => queue.SubmitWithin(Waiting.Text(_pace, 1, LaneKind.Bulk)),
            () => queue.Knock(LaneKind.Bulk, double.PositiveInfinity),
        ];
        foreach (var door in beyond)
        {
            var refused = Assert.Throws<RpcException>(door);
            Assert.Equal("OVERLOADED", refused.Reason);
            Assert.NotNull(refused.RetryDelay);
        }
        queue.Submit([Waiting.Text(_pace, 30)], double.PositiveInfinity);
        Assert.Equal(LaneLoad.MostTexts + 1, queue.Count);
    }

    [Fact]
    public void An_idle_queue_whose_prediction_is_too_high_comes_to_run_what_it_refused()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        for (var i = 0; i < 500; i++)
            _pace.Learn(1, 512, 4 * Waiting.Cost.Millis(1, 512));
        var refusals = 0;
        for (; queue.Count == 0 && refusals < 100; refusals++)
        {
            try
            {
                queue.Submit([Waiting.Text(_pace, 512)], remaining: 10);
            }
            catch (RpcException late) when (late.Reason == "PREDICTED_LATE")
            {
            }
        }
        Assert.InRange(refusals, 2, 99);
        // Work that no pace makes in time says nothing about this one.
        var factor = _pace.Factor;
        Assert.Equal("PREDICTED_LATE", Assert.Throws<RpcException>(() => new BatchQueue(LaneRules.Default, 1, _clock).Submit(
            [Waiting.Text(_pace, 512)], remaining: 0.1)).Reason);
        Assert.Equal(factor, _pace.Factor);
    }

    [Fact]
    public void A_text_that_runs_alone_counts_with_all_of_its_time()
    {
        Assert.Equal(_pace.Millis(1, _pace.Bucket(30)), Waiting.Text(_pace, 30, determinism: BatchDeterminism.BitExact).ShareMillis);
        Assert.True(Waiting.Text(_pace, 30).ShareMillis < 0.5 * _pace.Millis(1, _pace.Bucket(30)), "A text that shares batches counts like one that does not.");
    }

    [Fact]
    public void A_short_query_is_run_by_its_caller_where_nothing_else_is_at_work()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        var query = Waiting.Text(_pace, 30);
        var own = queue.SubmitOrTake([query], double.PositiveInfinity);
        Assert.Same(query, Assert.Single(own!.Texts));
        Assert.Equal((30, 0), (own.Length, queue.Count));
        // The next one comes while the first is at work.
        Assert.Null(queue.SubmitOrTake([Waiting.Text(_pace, 30)], double.PositiveInfinity));
        queue.End(own);
        Assert.Null(queue.SubmitOrTake([Waiting.Text(_pace, 30)], double.PositiveInfinity));
        var both = queue.Take()!;
        Assert.Equal(2, both.Texts.Count);
        queue.End(both);
        WaitingText[][] others =
        [
            [Waiting.Text(_pace, 30, LaneKind.Rerank)],
            [Waiting.Text(_pace, 30, LaneKind.Bulk)],
            [Waiting.Text(_pace, 30), Waiting.Text(_pace, 30)],
            [Waiting.Text(new ModelPace(new CostModel(1, 1, 0), 512, Waiting.MaxTokens), 30)],
        ];
        foreach (var texts in others)
        {
            Assert.Null(queue.SubmitOrTake(texts, double.PositiveInfinity));
            queue.End(queue.Take()!);
        }
    }

    [Fact]
    public async Task A_caller_at_work_takes_the_place_of_an_executor()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        var own = queue.SubmitOrTake([Waiting.Text(_pace, 30)], double.PositiveInfinity)!;
        queue.Submit([Waiting.Text(_pace, 30)], double.PositiveInfinity);
        var hasEnded = false;
        var taken = Task.Run(() => (Batch: queue.Take(), AfterTheCaller: Volatile.Read(ref hasEnded)));
        await Task.Yield();
        Volatile.Write(ref hasEnded, true);
        queue.End(own);
        var (batch, afterTheCaller) = await taken.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(batch is { Texts.Count: 1 } && afterTheCaller, "An executor began a batch while a caller ran its own: more at once than executors.");
    }

    [Fact]
    public void What_would_come_too_late_is_refused_before_any_work()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        var refused = Assert.Throws<RpcException>(() => queue.Submit([Waiting.Text(_pace, 512)], remaining: 3));
        Assert.Equal("PREDICTED_LATE", refused.Reason);
        Assert.Equal(0, queue.Count);
        queue.Submit([Waiting.Text(_pace, 512)], remaining: 10);
        // The same time is too little behind the first.
        Assert.Equal("PREDICTED_LATE", Assert.Throws<RpcException>(() => queue.Submit([Waiting.Text(_pace, 512)], remaining: 10)).Reason);
    }

    [Fact]
    public void Abandoned_texts_leave_before_dispatch_and_give_their_room_back()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        var gone = Waiting.Text(_pace, 500);
        queue.Submit([gone], double.PositiveInfinity);
        queue.Submit([Waiting.Text(_pace, 30)], double.PositiveInfinity);
        gone.Abandon();
        queue.Sweep();
        Assert.Equal(1, queue.Count);
        Assert.Equal(30, Assert.Single(queue.Take()!.Texts).Tokens.Count);
        Assert.Equal(0, queue.QueuedMillis(LaneKind.Query), 1e-9);
    }

    [Fact]
    public void A_text_that_became_late_while_it_waited_is_told_so_and_not_run()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        var sink = new CountingSink();
        queue.Submit([Waiting.Text(_pace, 512, deadline: 20, sink: sink)], 20);
        queue.Submit([Waiting.Text(_pace, 30, sink: sink)], double.PositiveInfinity);
        _clock.Advance(18);
        Assert.Equal(30, Assert.Single(queue.Take()!.Texts).Tokens.Count);
        Assert.Equal("PREDICTED_LATE", Assert.IsType<RpcException>(Assert.Single(sink.Failures)).Reason);
    }

    [Fact]
    public void Stopping_refuses_what_waits_and_what_comes()
    {
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        var sink = new CountingSink();
        queue.Submit([Waiting.Text(_pace, 30, sink: sink)], double.PositiveInfinity);
        queue.Stop();
        Assert.Equal("DRAINING", Assert.IsType<RpcException>(Assert.Single(sink.Failures)).Reason);
        Assert.Null(queue.Take());
        Assert.Equal("DRAINING", Assert.Throws<RpcException>(() => queue.Submit([Waiting.Text(_pace, 30)], 1_000)).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Overload_keeps_goodput_and_refuses_the_rest_at_the_door(double load)
    {
        // One executor, simulated: queries of 30 tokens that are worth something for 100 ms.
        const double Millis = 4_000, Patience = 100;
        var queue = new BatchQueue(LaneRules.Default, 1, _clock);
        var random = new Random(Seed);
        var perBatch = 512 / 32;
        var capacity = perBatch / _pace.Millis(perBatch, 32);
        var (arrival, inTime, late, refused, offered) = (0.0, 0, 0, 0, 0);
        while (queue.Now < Millis)
        {
            for (; arrival <= queue.Now; arrival -= Math.Log(1 - random.NextDouble()) / (load * capacity))
            {
                offered++;
                try
                {
                    queue.Submit([Waiting.Text(_pace, 30, arrived: arrival, deadline: arrival + Patience)], arrival + Patience - queue.Now);
                }
                catch (RpcException busy)
                {
                    Assert.NotNull(busy.RetryDelay);
                    refused++;
                }
            }
            if (queue.Count == 0)
            {
                _clock.Advance(0.1);
                continue;
            }
            var batch = queue.Take()!;
            _clock.Advance(batch.PredictedMillis);
            queue.End(batch);
            inTime += batch.Texts.Count(t => queue.Now <= t.Deadline);
            late += batch.Texts.Count(t => queue.Now > t.Deadline);
        }
        var goodput = inTime / (capacity * Millis);
        Assert.True(goodput > 0.85 * Math.Min(1, load), $"Goodput is {goodput:P0} of the capacity at {load} times the load (seed {Seed}).");
        Assert.True(late <= 0.01 * inTime, $"{late} texts were run for nothing, {inTime} in time (seed {Seed}).");
        Assert.True(load <= 1 || refused > 0.7 * offered, $"{refused} of {offered} were refused at {load} times the load.");
    }
}
