using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Search;
using SearchEngine.Server.Search.Streaming;
using SearchEngine.Server.Tests.Search.Admission;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>What stands between a search and the reader of its stream.</summary>
public sealed class StreamProgressTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Slow_reader_gets_the_newest_revision_and_no_queue_of_old_ones()
    {
        using var progress = new StreamProgress(_clock, TimeSpan.Zero, wantsMoments: true);
        progress.Planned(100, 2, 7);
        for (int i = 1; i <= 10_000; i++)
        {
            progress.Improved(Moment(i));
        }
        StreamStep step = (await progress.NextAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(100, step.Plan!.Matches);
        Assert.Equal(10_000u, step.Newest!.Value.Revision);
        Assert.Equal(10_000UL, step.Newest.Value.Moment.Hits[0].Id.Number);
        progress.Improved(Moment(1));
        Assert.Equal(10_001u, (await progress.NextAsync(TestContext.Current.CancellationToken))!.Newest!.Value.Revision);
        progress.End();
        Assert.Null(await progress.NextAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Plan_is_told_even_when_the_search_has_ended_and_unsent_moments_are_not()
    {
        using var progress = new StreamProgress(_clock, TimeSpan.Zero, wantsMoments: true);
        progress.Planned(100, 2, 7);
        progress.Improved(Moment(1));
        progress.End();
        StreamStep step = (await progress.NextAsync(TestContext.Current.CancellationToken))!;
        Assert.NotNull(step.Plan);
        Assert.Null(step.Newest);
        Assert.Null(await progress.NextAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Moments_within_the_interval_after_one_that_was_sent_are_not_made()
    {
        using var progress = new StreamProgress(_clock, TimeSpan.FromMilliseconds(5), wantsMoments: true);
        Assert.True(progress.IsWanted);
        progress.Improved(Moment(1));
        await progress.NextAsync(TestContext.Current.CancellationToken);
        progress.Sent();
        Assert.False(progress.IsWanted);
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        Assert.True(progress.IsWanted);
        using var none = new StreamProgress(_clock, TimeSpan.Zero, wantsMoments: false);
        Assert.False(none.IsWanted);
    }

    [Theory]
    [InlineData(900, 0, 0)]
    [InlineData(990, 0, 10)]
    [InlineData(950, 0, 2)]
    [InlineData(990, 5, 5)]
    public void Estimated_prefix_keeps_its_error_below_a_tenth(int searched, int offset, int length)
    {
        Hit[] hits = [.. Enumerable.Range(1, 12).Select(i => new Hit(new DocumentId((ulong)i), 1f / i))];
        var prefix = FinalPrefix.Of(new SearchMoment(hits, IsExact: true, searched, 1_000), offset);
        if (length == 0)
        {
            Assert.InRange(prefix.Length, 0, 1);
            return;
        }
        Assert.InRange(prefix.Length, length - 1, length);
        Assert.Equal(Wire.FinalBasis.Estimated, prefix.Basis);
        Assert.InRange(prefix.Error, 0.0001f, (float)FinalPrefix.MostError);
    }

    [Fact]
    public void Prefix_is_proved_only_when_nothing_is_left_and_never_of_estimated_scores()
    {
        Hit[] hits = [new Hit(new DocumentId(1), 1)];
        Assert.Equal((1, Wire.FinalBasis.Proved), Of(new SearchMoment(hits, IsExact: true, 10, 10)));
        Assert.Equal((0, Wire.FinalBasis.Unspecified), Of(new SearchMoment(hits, IsExact: false, 10, 10)));
        Assert.Equal((0, Wire.FinalBasis.Unspecified), Of(new SearchMoment(hits, IsExact: true, 1, 10)));
    }

    /// <summary>How often an announced prefix changes, when documents are spread at random as the estimate supposes.</summary>
    [Fact]
    public void Estimated_prefixes_change_no_more_often_than_they_say()
    {
        const int Seed = 17, Trials = 4_000, Matches = 300, Searched = 285;
        var random = new Random(Seed);
        int changed = 0;
        double said = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            // Ranks of all matches; those searched already are a random choice of them.
            int[] searched = [.. Enumerable.Range(0, Matches).OrderBy(_ => random.Next()).Take(Searched).Order()];
            Hit[] hits = [.. searched.Take(10).Select(rank => new Hit(new DocumentId((ulong)rank), -rank))];
            var prefix = FinalPrefix.Of(new SearchMoment(hits, IsExact: true, Searched, Matches), 0);
            Assert.True(prefix.Length > 0, "no prefix is announced although 95 of 100 matches are searched");
            said += prefix.Error;
            changed += hits.Take(prefix.Length).Select(h => (int)h.Id.Number).SequenceEqual(Enumerable.Range(0, prefix.Length)) ? 0 : 1;
        }
        double deviation = Math.Sqrt(said / Trials * (1 - said / Trials) / Trials);
        Assert.True(
            Math.Abs((double)changed / Trials - said / Trials) < 4 * deviation,
            $"seed {Seed}: {(double)changed / Trials:F4} of the prefixes changed, {said / Trials:F4} were announced");
    }

    private static (int, Wire.FinalBasis) Of(SearchMoment moment)
    {
        var prefix = FinalPrefix.Of(moment, 0);
        return (prefix.Length, prefix.Basis);
    }

    private static SearchMoment Moment(int id) => new([new Hit(new DocumentId((ulong)id), 1)], IsExact: false, 0, 100);
}
