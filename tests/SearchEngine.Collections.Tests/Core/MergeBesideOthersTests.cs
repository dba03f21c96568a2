using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Tests.Segments;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>What writers and readers do while segments are merged.</summary>
public sealed class MergeBesideOthersTests
{
    private const int Limit = 120_000;
    private static readonly CollectionSchema OnlyText = new() { Texts = [new TextSchema { Name = "text" }] };

    [Fact(Timeout = Limit)]
    public async Task Documents_deleted_during_a_merge_stay_deleted_when_the_live_segment_is_closed_during_it_as_well()
    {
        using var directory = new TempDirectory();
        using StandingOperation merging = ThirdSegment();
        DocumentId[] expected = [.. Enumerable.Range(0, 37).Where(static i => i is not (1 or 11)).Select(static i => (DocumentId)(ulong)i)];
        using (CollectionStore store = Open(directory.Path, merging))
        {
            Collection collection = store.Create("c", OnlyText);
            await TwoSegments(collection);
            Task merge = collection.OptimiseAsync();
            await merging.Reached;
            await collection.WriteAsync([new WriteOperation.Delete(1), new WriteOperation.Delete(11)]);
            await Put(collection, 20, 36);
            ulong closed = collection.Sequence;
            // The live segment is full: this one goes into the next.
            await Put(collection, 36, 37);
            Assert.False(merge.IsCompleted, "the merge did not stand still, so nothing was tested");
            merging.GoOn();
            await merge;
            while (collection.Describe().DurableSequence < closed)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
            Assert.Equal(expected, Ids(collection));
        }
        using CollectionStore again = Open(directory.Path);
        Assert.Equal(expected, Ids(again.Get("c")));
    }

    [Fact(Timeout = Limit)]
    public async Task A_flush_takes_what_was_acknowledged_behind_a_live_segment_that_is_closed_already()
    {
        using var directory = new TempDirectory();
        using StandingOperation merging = ThirdSegment();
        using CollectionStore store = Open(directory.Path, merging);
        Collection collection = store.Create("c", OnlyText);
        await TwoSegments(collection);
        Task merge = collection.OptimiseAsync();
        await merging.Reached;
        await Put(collection, 20, 36);
        await Put(collection, 36, 38);
        ulong acknowledged = collection.Sequence;
        Task flush = collection.FlushAsync();
        merging.GoOn();
        await merge;
        await flush;
        CollectionStatistics now = collection.Describe();
        Assert.True(now.DurableSequence >= acknowledged, $"the flush ended at write {now.DurableSequence}, acknowledged were {acknowledged}");
        Assert.Equal(38, collection.Count(Filter.All));
    }

    [Fact]
    public async Task Files_of_merged_segments_stay_for_a_scroll_and_go_with_it()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = Open(directory.Path);
        Collection collection = store.Create("c", OnlyText);
        await TwoSegments(collection);
        Scroll scroll = collection.Scroll(new ScrollRequest());
        Assert.Equal(3, scroll.Read(3).Count);
        await collection.WriteAsync([new WriteOperation.Delete(12)], default, TestContext.Current.CancellationToken);
        await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
        Assert.Equal(3, Segments().Length);
        Assert.Equal(17, scroll.Read(100).Count);
        scroll.Dispose();
        Assert.Single(Segments());
        Assert.Equal(19, collection.Count(Filter.All));

        string[] Segments() => Directory.GetDirectories(directory.File("collection-000001"), "segment-*");
    }

    // The one that two are merged to.
    private static StandingOperation ThirdSegment() => new(static o =>
        o.StartsWith("rename ", StringComparison.Ordinal) && o.EndsWith("segment-00000000000000000003", StringComparison.Ordinal));

    private static DocumentId[] Ids(Collection collection)
    {
        using Scroll scroll = collection.Scroll(new ScrollRequest());
        return [.. scroll.Read(1000).Select(static d => d.Id).Order()];
    }

    private static async Task TwoSegments(Collection collection)
    {
        await Put(collection, 0, 10);
        await collection.FlushAsync();
        await Put(collection, 10, 20);
        await collection.FlushAsync();
    }

    private static Task Put(Collection collection, int from, int to) => collection.WriteAsync(
        [.. Enumerable.Range(from, to - from).Select(static i => new WriteOperation.Put(new Document { Id = (ulong)i }))]);

    private static CollectionStore Open(string root, params StandingOperation[] standing) => CollectionStore.Open(
        root, static _ => new CollectionSettings { DiskReserveBytes = 0, FlushRows = 16 }, TimeProvider.System,
        new ObservedFileLayer(operation => Array.ForEach(standing, s => s.Before(operation))));
}
