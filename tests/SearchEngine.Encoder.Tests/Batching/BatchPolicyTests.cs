using SearchEngine.Encoder.Batching;
using SearchEngine.Models.Inference;
using Xunit;

namespace SearchEngine.Encoder.Tests.Batching;

public sealed class BatchPolicyTests
{
    private const int Seed = 20_261_126;

    private static readonly double[] JustServed = [0, 0, 0];

    private readonly ModelPace _pace = Waiting.Pace();

    [Fact]
    public void A_single_text_goes_at_once()
    {
        var choice = Choose([Waiting.Text(_pace, 20)]);
        Assert.Equal([0], choice.Batch);
        Assert.Equal(20, choice.Length);
    }

    [Fact]
    public void An_empty_list_gives_no_batch() => Assert.Empty(Choose([]).Batch);

    [Fact]
    public void The_least_slack_of_a_lane_goes_first()
    {
        WaitingText[] waiting =
        [
            Waiting.Text(_pace, 500, deadline: 300), Waiting.Text(_pace, 500, deadline: 100), Waiting.Text(_pace, 500, deadline: 200),
        ];
        Assert.Equal([1], Choose(waiting).Batch);
    }

    [Fact]
    public void Without_deadlines_the_oldest_goes_first()
    {
        WaitingText[] waiting = [Waiting.Text(_pace, 500, arrived: 3), Waiting.Text(_pace, 500, arrived: 1), Waiting.Text(_pace, 500, arrived: 2)];
        Assert.Equal([1], Choose(waiting, now: 5).Batch);
    }

    [Fact]
    public void Queries_go_before_pairs_and_pairs_before_bulk()
    {
        var lanes = new[] { LaneKind.Bulk, LaneKind.Rerank, LaneKind.Query };
        var waiting = lanes.Select(lane => Waiting.Text(_pace, 500, lane)).ToList();
        foreach (var lane in lanes.Reverse())
        {
            var choice = Choose(waiting);
            Assert.Equal(lane, waiting[Assert.Single(choice.Batch)].Lane);
            waiting.RemoveAt(choice.Batch[0]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_lane_that_waited_longer_than_its_patience_goes_before_queries(int lane)
    {
        var patience = LaneRules.Default.Patience[lane];
        WaitingText[] waiting = [Waiting.Text(_pace, 500, arrived: patience), Waiting.Text(_pace, 500, (LaneKind)lane)];
        Assert.Equal([0], Choose(waiting, now: patience).Batch);
        Assert.Equal([1], Choose(waiting, now: patience + 1).Batch);
        // Once it has been served it waits its patience again, however old its texts are.
        Assert.Equal([0], BatchPolicy.Choose(waiting, patience + 1, [0, patience, patience], LaneRules.Default).Batch);
    }

    [Fact]
    public void A_batch_is_filled_from_its_bucket_and_never_longer_texts()
    {
        var pace = Waiting.Pace(batchTokens: 4 * 32);
        WaitingText[] waiting =
        [
            Waiting.Text(pace, 30, arrived: -100), Waiting.Text(pace, 400), Waiting.Text(pace, 31), Waiting.Text(pace, 20), Waiting.Text(pace, 32),
        ];
        Assert.Equal([0, 2, 3, 4], Choose(waiting).Batch.Order());
    }

    [Fact]
    public void Queries_are_not_joined_by_less_urgent_texts_but_join_them()
    {
        WaitingText[] waiting = [Waiting.Text(_pace, 30, LaneKind.Bulk), Waiting.Text(_pace, 30), Waiting.Text(_pace, 30, LaneKind.Rerank)];
        Assert.Equal([1], Choose(waiting).Batch);
        var late = LaneRules.Default.Patience[2] + 1;
        Assert.Equal(3, BatchPolicy.Choose(waiting, late, [late, late, 0], LaneRules.Default).Batch.Count);
    }

    [Fact]
    public void Texts_of_other_models_or_options_never_share_a_batch()
    {
        var other = Waiting.Pace();
        WaitingText[] waiting = [Waiting.Text(_pace, 30, arrived: -1), Waiting.Text(other, 30), Waiting.Text(_pace, 30)];
        Assert.Equal([0, 2], Choose(waiting).Batch);
    }

    [Fact]
    public void Bit_exact_texts_run_alone_in_the_shape_of_their_bucket()
    {
        var waiting = Enumerable.Range(0, 4).Select(_ => Waiting.Text(_pace, 30, determinism: BatchDeterminism.BitExact)).ToArray();
        var choice = Choose(waiting);
        Assert.Single(choice.Batch);
        Assert.Equal(32, choice.Length);
    }

    [Fact]
    public void The_nearest_lengths_join_first_so_that_a_deep_queue_is_hardly_padded()
    {
        var random = new Random(Seed);
        var pace = Waiting.Pace(batchTokens: 512);
        WaitingText NextText(int arrived) =>
            Waiting.Text(pace, Math.Clamp((int)(40 * Math.Exp(0.9 * Gaussian(random))), 6, 512), LaneKind.Bulk, arrived);
        var waiting = Enumerable.Range(0, 200).Select(NextText).ToList();
        var (tokens, padded) = (0L, 0L);
        for (var arrived = 200; arrived < 1_200; arrived++)
        {
            var choice = BatchPolicy.Choose(waiting, arrived, JustServed, LaneRules.Default);
            tokens += choice.Batch.Sum(i => waiting[i].Tokens.Count);
            padded += (long)choice.Batch.Count * choice.Length;
            foreach (var place in choice.Batch.OrderDescending())
                waiting.RemoveAt(place);
            while (waiting.Count < 200)
                waiting.Add(NextText(arrived));
        }
        Assert.True(padded < 1.05 * tokens, $"{1 - (double)tokens / padded:P1} of a deep queue's tokens are padding (seed {Seed}).");
    }

    [Fact]
    public void Short_texts_of_one_bucket_keep_company_where_that_is_cheaper_than_running_alone()
    {
        // A start of a millisecond is worth a hundred tokens of padding here.
        WaitingText[] waiting = [Waiting.Text(_pace, 14, arrived: -1), Waiting.Text(_pace, 4)];
        Assert.Equal([0, 1], Choose(waiting).Batch);
    }

    [Fact]
    public void What_cannot_be_in_time_and_what_nobody_waits_for_leaves_without_being_run()
    {
        WaitingText[] waiting = [Waiting.Text(_pace, 500, deadline: 5), Waiting.Text(_pace, 30), Waiting.Text(_pace, 30)];
        waiting[1].Abandon();
        var choice = Choose(waiting);
        Assert.Equal([0], choice.Late);
        Assert.Equal([1], choice.Abandoned);
        Assert.Equal([2], choice.Batch);
    }

    [Fact]
    public void A_mate_that_would_make_another_text_late_stays_behind()
    {
        // One row of 32 takes 1.32 ms, two take 1.64 ms.
        WaitingText[] waiting = [Waiting.Text(_pace, 32, deadline: 1.5), Waiting.Text(_pace, 32)];
        Assert.Equal([0], Choose(waiting).Batch);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(511)]
    [InlineData(512)]
    public void A_text_of_any_length_goes_even_beyond_the_budget(int tokens) =>
        Assert.Equal([0], Choose([Waiting.Text(Waiting.Pace(batchTokens: 64), tokens)]).Batch);

    [Fact]
    public void No_batch_of_random_texts_exceeds_budget_time_or_padding_and_all_are_served()
    {
        var random = new Random(Seed);
        var pace = Waiting.Pace(batchTokens: 1_024);
        var waiting = Enumerable.Range(0, 600).Select(i => Waiting.Text(
            pace, Math.Clamp((int)Math.Exp(random.NextDouble() * 6.3), 1, 512), (LaneKind)random.Next(3), arrived: i)).ToList();
        var (now, servedAt, served) = (600.0, new double[3], 0);
        while (waiting.Count > 0)
        {
            var choice = BatchPolicy.Choose(waiting, now, servedAt, LaneRules.Default);
            RequireWithinLimits(choice, waiting, pace);
            served += choice.Batch.Count;
            servedAt[(int)choice.Lane] = now;
            now += choice.Millis;
            foreach (var place in choice.Batch.OrderDescending())
                waiting.RemoveAt(place);
        }
        Assert.Equal(600, served);
    }

    [Fact]
    public void No_lane_starves_under_a_flood_of_queries()
    {
        var (now, servedAt) = (0.0, new double[3]);
        var waiting = new List<WaitingText> { Waiting.Text(_pace, 500, LaneKind.Bulk), Waiting.Text(_pace, 500, LaneKind.Rerank) };
        while (waiting.Any(t => t.Lane != LaneKind.Query))
        {
            waiting.Add(Waiting.Text(_pace, 500, arrived: now));
            var choice = BatchPolicy.Choose(waiting, now, servedAt, LaneRules.Default);
            servedAt[(int)choice.Lane] = now;
            now += choice.Millis;
            foreach (var place in choice.Batch.OrderDescending())
                waiting.RemoveAt(place);
            Assert.True(now < 1_000, "A lane got no turn for a second while queries kept coming.");
        }
    }

    private static void RequireWithinLimits(BatchChoice choice, List<WaitingText> waiting, ModelPace pace)
    {
        var rows = choice.Batch.Count;
        Assert.True(rows > 0, $"The policy stopped with {waiting.Count} texts waiting (seed {Seed}).");
        Assert.Equal(choice.Batch.Distinct(), choice.Batch);
        Assert.Equal(choice.Batch.Max(i => waiting[i].Tokens.Count), choice.Length);
        if (rows == 1)
            return;
        Assert.True(rows * choice.Length <= pace.BatchTokens, $"{rows} rows of {choice.Length} exceed the budget (seed {Seed}).");
        Assert.True(choice.Millis <= LaneRules.Default.LongestBatch[(int)choice.Lane], $"A batch takes {choice.Millis} ms (seed {Seed}).");
        var shorter = choice.Batch.Count(i => waiting[i].Bucket < pace.Bucket(choice.Length));
        var share = 1 - choice.Batch.Sum(i => waiting[i].Tokens.Count) / (double)(rows * choice.Length);
        Assert.True(shorter == 0 || share <= 0.5, $"{shorter} shorter texts make {share:P0} padding (seed {Seed}).");
    }

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static BatchChoice Choose(IReadOnlyList<WaitingText> waiting, double now = 0) =>
        BatchPolicy.Choose(waiting, now, JustServed, LaneRules.Default);
}
