using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

/// <summary>A search whose time is used up answers with what it has, and says that it is not all. Time passes by hand.</summary>
public sealed class TimeBudgetTests : IAsyncLifetime
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(50);

    private readonly TempDirectory _directory = new();
    private readonly TopicVectors _vectors = new(21);
    private readonly ManualTime _time = new();
    private CollectionStore? _store;

    private Collection Target => _store!.Get("timed");

    public async ValueTask InitializeAsync()
    {
        _store = CollectionStore.Open(_directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 }, _time);
        Collection collection = _store.Create("timed", TopicVectors.Schema);
        for (int part = 0; part < 3; part++)
        {
            // The first is the largest, and so the first to be searched.
            await collection.WriteAsync([.. Enumerable.Range(1000 * part, 600 - 100 * part).Select(i => new WriteOperation.Put(_vectors.Document(i)))]);
            await collection.FlushAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Time_that_is_used_up_by_the_filter_leaves_no_hits_and_the_reason(bool exact)
    {
        (SearchResult result, int improvements) = Search(exact, advanceAt: 0, Budget);
        Assert.Empty(result.Hits);
        AssertTimedOut(result);
        Assert.Equal(0, improvements);
        Assert.True(result.Plan.Matches > 1000, "the filter is evaluated whole in any case");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Time_that_is_used_up_after_a_segment_leaves_its_hits_and_the_reason(bool exact)
    {
        (SearchResult result, _) = Search(exact, advanceAt: 1, Budget);
        Assert.Equal(10, result.Hits.Count);
        Assert.All(result.Hits, static h => Assert.True(h.Id.Number < 1000, $"{h.Id} is of a segment that there was no time for"));
        AssertTimedOut(result);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tick_less_than_the_budget_changes_nothing(bool exact)
    {
        (SearchResult whole, _) = Search(exact, advanceAt: int.MaxValue, Budget);
        (SearchResult result, _) = Search(exact, advanceAt: 0, Budget - TimeSpan.FromTicks(1));
        Assert.True(result.IsComplete, result.IncompleteReason);
        Assert.Equal(whole.Hits.Count, result.Hits.Count);
        Assert.Contains(result.Hits, static h => h.Id.Number >= 1000);
    }

    private static void AssertTimedOut(SearchResult result)
    {
        Assert.False(result.IsComplete);
        Assert.Contains("time budget", result.IncompleteReason, StringComparison.Ordinal);
        Assert.Equal(RecallBasis.None, result.Recall.Basis);
    }

    // Many hits, so that every segment has some of them.
    private (SearchResult Result, int Improvements) Search(bool exact, int advanceAt, TimeSpan by)
    {
        var passing = new PassingTime(_time, advanceAt, by);
        var filter = new Filter { Must = [new Condition.Range("rank", AtLeast: AttributeValue.OfInteger(0))] };
        var request = new SearchRequest
        {
            Query = new TopicVectors(21).Query(),
            Count = advanceAt is > 0 and < int.MaxValue ? 10 : 900,
            Filter = filter,
            TimeBudget = Budget,
            Accuracy = exact ? Accuracy.Exact : Accuracy.OfBreadth(1000),
        };
        SearchResult result = Target.Watch(request, null, passing, TestContext.Current.CancellationToken).Result;
        return (result, passing.Improvements);
    }

    /// <summary>Lets time pass when the search is planned (0), or at its first segment (1).</summary>
    private sealed class PassingTime(ManualTime time, int at, TimeSpan by) : ISearchProgress
    {
        private int _moments;

        public bool IsWanted => true;

        public int Improvements { get; private set; }

        public void Planned(long matches, int segments, ulong sequence) => Pass();

        public void Improved(SearchMoment moment)
        {
            // Of a segment at work scores are not final.
            if (moment.IsExact)
            {
                Improvements++;
                Pass();
            }
        }

        private void Pass()
        {
            if (_moments++ == at)
            {
                time.Advance(by);
            }
        }
    }
}
