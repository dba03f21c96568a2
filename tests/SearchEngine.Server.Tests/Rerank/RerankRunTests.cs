using SearchEngine.Rpc;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Rerank;
using SearchEngine.Server.Tests.Search.Admission;
using Xunit;

namespace SearchEngine.Server.Tests.Rerank;

public sealed class RerankRunTests
{
    private static readonly TimeSpan PerPair = TimeSpan.FromMilliseconds(5);

    [Fact]
    public async Task WithTimeEnough_TheOrderIsTheOneOfAllScores()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            float[] scores = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next(50) / 50f)];
            RerankOutcome outcome = await RunAsync(scores, left: null);
            int[] reference = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(static i => i)];
            Assert.True(reference.SequenceEqual(outcome.Board.Order(null)), $"Seed {seed}: the order differs from that of all scores.");
            Assert.Equal((RerankEnd.Complete, scores.Length), (outcome.End, outcome.Board.Scored));
        }
    }

    [Fact]
    public async Task WhateverTheTime_NoCandidateIsLostOrDoubled_AndTheFirstAreScoredFirst()
    {
        int before = -1;
        for (int millis = 0; millis <= 600; millis += 15)
        {
            var random = new Random(7);
            float[] scores = [.. Enumerable.Range(0, 100).Select(_ => (float)random.NextDouble())];
            RerankOutcome outcome = await RunAsync(scores, TimeSpan.FromMilliseconds(millis));
            int[] order = outcome.Board.Order(null);
            Assert.Equal(Enumerable.Range(0, 100), order.Order());
            int scored = outcome.Board.Scored;
            Assert.Equal(Enumerable.Range(0, scored), order[..scored].Order());
            Assert.Equal(Enumerable.Range(scored, 100 - scored), order[scored..]);
            Assert.Equal(order[..scored].OrderByDescending(i => scores[i]), order[..scored]);
            Assert.True(outcome.End == RerankEnd.Complete == (scored == 100), $"{millis} ms: {scored} were scored and the end is {outcome.End}.");
            Assert.True(scored >= before, $"{millis} ms scored {scored}, less time scored {before}.");
            before = scored;
        }
        Assert.True(before == 100, $"600 ms are enough for 100 pairs of 5 ms; {before} were scored.");
    }

    [Fact]
    public async Task OnceAPairIsMeasured_MostOfTheTimeIsUsedAndNoneIsOverrun()
    {
        var clock = new ManualClock();
        var costs = new InferenceCosts();
        float[] scores = [.. Enumerable.Range(0, 500).Select(static i => i / 500f)];
        await RunAsync(scores, null, clock, costs);
        long began = clock.GetTimestamp();
        RerankOutcome outcome = await RunAsync(scores, TimeSpan.FromMilliseconds(400), clock, costs);
        double used = clock.GetElapsedTime(began).TotalMilliseconds;
        Assert.Equal(RerankEnd.PredictedLate, outcome.End);
        Assert.True(used is >= 350 and <= 400, $"Of 400 ms {used} were used: rounds are cut wrongly.");
    }

    [Fact]
    public async Task WithoutPartialAnswers_WhatWillNotFitIsRefusedBeforeItStarts_OnceThereIsAMeasurement()
    {
        var clock = new ManualClock();
        var costs = new InferenceCosts();
        float[] scores = [.. Enumerable.Range(0, 100).Select(static i => i / 100f)];
        var texts = new ListedTexts(scores.Length);
        var scorer = new ScriptedScorer(clock, text => scores[ListedTexts.IndexOf(text)], PerPair);
        RerankOrder order = Order(scores.Length) with { MayBePartial = false };
        await new RerankRun(order, texts, scorer, costs, static () => null, clock).RunAsync(null, CancellationToken.None);
        int calls = scorer.Calls.Count;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => new RerankRun(order, texts, scorer, costs, static () => TimeSpan.FromMilliseconds(100), clock).RunAsync(null, CancellationToken.None));
        Assert.Equal((StatusCode.Unavailable, "PREDICTED_LATE"), (refused.Code, refused.Reason));
        Assert.Equal(calls, scorer.Calls.Count);
        Assert.InRange(long.Parse(refused.Facts["predicted_micros"], System.Globalization.CultureInfo.InvariantCulture), 400_000, 600_000);
    }

    [Fact]
    public async Task StableRounds_EndTheWorkWhenTheTopStandsStill()
    {
        // The first candidates are the best, so the top 5 never change after the first round.
        float[] scores = [.. Enumerable.Range(0, 400).Select(static i => 1f - i / 400f)];
        RerankOutcome stable = await RunAsync(scores, null, order: Order(scores.Length) with { Top = 5, StableRounds = 2 });
        Assert.Equal((RerankEnd.Stable, 3), (stable.End, stable.Rounds));
        float[] rising = [.. scores.Reverse()];
        RerankOutcome changing = await RunAsync(rising, null, order: Order(scores.Length) with { Top = 5, StableRounds = 2 });
        Assert.Equal(RerankEnd.Complete, changing.End);
    }

    [Fact]
    public async Task CandidatesBeyondTheDepth_StayUnscored_AndBadOnesFailAlone()
    {
        var clock = new ManualClock();
        var texts = new ListedTexts(20) { Missing = { 3 } };
        var scorer = new ScriptedScorer(clock, static text => ListedTexts.IndexOf(text) / 20f, PerPair)
        {
            Refuses = static text => ListedTexts.IndexOf(text) == 5 ? Refusal.Of(Wire.ErrorReason.TextTooLong, "", "Too long.", "Cut it.") : null,
        };
        RerankOutcome outcome = await new RerankRun(
            Order(20) with { Depth = 10 }, texts, scorer, new InferenceCosts(), static () => null, clock).RunAsync(null, CancellationToken.None);
        Assert.Equal((8, 10, 2), (outcome.Board.Scored, outcome.Board.Unscored, outcome.Board.Failed));
        Assert.Equal([9, 8, 7, 6, 4, 2, 1, 0, .. Enumerable.Range(10, 10), 3, 5], outcome.Board.Order(null));
        Assert.Equal(RerankEnd.Complete, outcome.End);
        Assert.Equal([9, 8, .. Enumerable.Range(10, 10), 3, 5], outcome.Board.Order(0.4f));
    }

    [Fact]
    public async Task AfterEachRound_TheOrderSoFarIsTold_AndTheFinalPrefixNeverChanges()
    {
        var clock = new ManualClock();
        float[] scores = [1f, .. Enumerable.Range(1, 99).Select(static i => i % 10 == 0 ? 1f : i / 200f)];
        var rounds = new List<RoundResult>();
        var scorer = new ScriptedScorer(clock, text => scores[ListedTexts.IndexOf(text)], PerPair);
        RerankOutcome outcome = await new RerankRun(Order(100), new ListedTexts(100), scorer, new InferenceCosts(), static () => null, clock)
            .RunAsync(rounds.Add, CancellationToken.None);
        int[] final = outcome.Board.Order(null);
        Assert.True(rounds.Count > 3, $"100 candidates took {rounds.Count} rounds: nobody sees an early order.");
        Assert.Equal(Enumerable.Range(0, 100), rounds.SelectMany(static round => round.Settled).Select(static c => c.Index).Order());
        foreach (RoundResult round in rounds)
        {
            Assert.Equal(final[..round.FinalPrefix], round.Order.Take(round.FinalPrefix));
        }
        Assert.True(rounds[0].FinalPrefix == 1, "The first place had the greatest score there is, and was not called final.");
        Assert.Equal(100, rounds[^1].FinalPrefix);
    }

    private static RerankOrder Order(int count) => new()
    {
        Query = "query",
        QueryPath = "query",
        Count = count,
        Depth = count,
        Top = count,
        Model = "",
        OptionsPath = "options",
        Truncation = Wire.Truncation.Error,
        ScoreKind = Wire.ScoreKind.Sigmoid,
        MinScore = null,
        StableRounds = 0,
        MayBePartial = true,
    };

    private static Task<RerankOutcome> RunAsync(
        float[] scores, TimeSpan? left, ManualClock? clock = null, InferenceCosts? costs = null, RerankOrder? order = null)
    {
        clock ??= new ManualClock();
        long began = clock.GetTimestamp();
        var scorer = new ScriptedScorer(clock, text => scores[ListedTexts.IndexOf(text)], PerPair);
        return new RerankRun(
            order ?? Order(scores.Length), new ListedTexts(scores.Length), scorer, costs ?? new InferenceCosts(), () => left - clock.GetElapsedTime(began), clock)
            .RunAsync(null, CancellationToken.None);
    }
}
