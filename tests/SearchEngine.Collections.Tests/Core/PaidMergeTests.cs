using SearchEngine.Collections.Core;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>Few segments are merged when searches have paid for it, and not before; failing at that harms nobody.</summary>
public sealed class PaidMergeTests
{
    private const int Dimension = 8, Large = 300, Small = 100, Limit = 300_000;

    /// <summary>Searches that pay for making one of both segments.</summary>
    private static readonly int Price = (int)Math.Ceiling(
        MergePrice.Of(new SegmentSize(Large, 0), new SegmentSize(Small, 0)) / MergePrice.OfWalk(new SegmentSize(Small, 0)));

    private static readonly CollectionSchema Schema = new()
    {
        Vectors = [new VectorSchema { Dimension = Dimension }],
        Attributes = [new AttributeSchema { Name = "number", Type = AttributeType.Integer }],
    };

    [Fact(Timeout = Limit)]
    public async Task Searches_that_pay_enough_cause_the_merge_and_one_less_does_not()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = await TwoSegments(store);
        Search(collection, Price - 1);
        Assert.Equal((3, 0), Merges(collection));
        Assert.InRange(collection.Describe().MergePaid, 0.99, 1 - 1e-9);

        Search(collection, 1);
        await Until(() => collection.Describe().PaidMerges == 1, "searches have paid for a merge, and none came");
        Assert.Equal((2, 1), Merges(collection));
        Assert.Equal(0, collection.Describe().MergePaid);
        Assert.Equal(Large + Small, collection.Count(Filter.All));
        Assert.Equal(Enumerable.Range(0, 5).Select(static i => (DocumentId)(ulong)i), collection.Search(Nearest(5)).Hits.Select(static h => h.Id).Order());
    }

    [Fact(Timeout = Limit)]
    public async Task Searches_that_would_find_one_segment_no_faster_pay_nothing()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = await TwoSegments(store);
        // All, or few of each: as many rows are scanned in one segment as in two.
        SearchRequest exact = Nearest(1) with { Accuracy = Accuracy.Exact };
        SearchRequest few = Nearest(1) with { Filter = new Filter { Should = [Number(7), Number(Large + 7)] } };
        Parallel.For(0, Price, i => collection.Search(i % 2 == 0 ? exact : few));
        Assert.Equal(0, collection.Describe().MergePaid);
        Assert.Equal((3, 0), Merges(collection));
    }

    [Fact(Timeout = Limit)]
    public async Task A_merge_that_fails_is_said_and_refuses_no_write_and_comes_when_it_was_paid_for_again()
    {
        using var directory = new TempDirectory();
        var time = new ManualTime();
        var layer = new FaultyFileLayer(directory.Path, 5);
        using CollectionStore store = CollectionStore.Open(
            Path.Combine(directory.Path, "store"), static _ => new CollectionSettings { DiskReserveBytes = 1 }, time, new SerialFileLayer(layer));
        Collection collection = await TwoSegments(store);
        // Room for writes, not for a segment.
        layer.Free = 2;
        time.Advance(TimeSpan.FromSeconds(1));
        Search(collection, Price);
        await Until(() => collection.Describe().Failures.ContainsKey(CollectionHealth.Merging), "the merge did not fail");
        Assert.DoesNotContain(CollectionHealth.Upkeep, collection.Describe().Failures.Keys);
        Assert.Equal((3, 0), Merges(collection));
        await collection.WriteAsync([Put(Large + Small)], default, TestContext.Current.CancellationToken);

        layer.Free = long.MaxValue;
        time.Advance(TimeSpan.FromSeconds(1));
        Search(collection, Price - 1);
        Assert.Equal((3, 0), Merges(collection));
        Search(collection, 1);
        await Until(() => collection.Describe().PaidMerges == 1, "searches have paid for a merge again, and none came");
        Assert.DoesNotContain(CollectionHealth.Merging, collection.Describe().Failures.Keys);
        Assert.Equal(Large + Small + 1, collection.Count(Filter.All));
    }

    private static async Task<Collection> TwoSegments(CollectionStore store)
    {
        Collection collection = store.Create("paid", Schema);
        await collection.WriteAsync([.. Enumerable.Range(0, Large).Select(Put)]);
        await collection.FlushAsync();
        await collection.WriteAsync([.. Enumerable.Range(Large, Small).Select(Put)]);
        await collection.FlushAsync();
        return collection;
    }

    // The further from the first, the higher the number.
    private static WriteOperation Put(int number)
    {
        var vector = new float[Dimension];
        (vector[0], vector[1]) = (1, number / 100f);
        return new WriteOperation.Put(new Document
        {
            Id = (ulong)number,
            Vectors = new Dictionary<string, ReadOnlyMemory<float>> { [VectorSchema.DefaultName] = vector },
            Attributes = new Dictionary<string, AttributeValue> { ["number"] = AttributeValue.OfInteger(number) },
        });
    }

    private static Condition Number(int number) => new Condition.EqualTo("number", AttributeValue.OfInteger(number));

    private static SearchRequest Nearest(int count)
    {
        var query = new float[Dimension];
        query[0] = 1;
        return new SearchRequest { Query = query, Count = count };
    }

    private static void Search(Collection collection, int times)
    {
        SearchRequest request = Nearest(1);
        Parallel.For(0, times, _ => collection.Search(request));
    }

    private static (int Segments, int PaidMerges) Merges(Collection collection)
    {
        CollectionStatistics statistics = collection.Describe();
        return (statistics.Segments, statistics.PaidMerges);
    }

    private static async Task Until(Func<bool> holds, string otherwise)
    {
        for (var began = System.Diagnostics.Stopwatch.StartNew(); !holds(); await Task.Delay(20))
        {
            Assert.True(began.Elapsed < TimeSpan.FromSeconds(60), otherwise);
        }
    }
}
