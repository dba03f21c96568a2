using SearchEngine.Collections.Core;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Text;

/// <summary>Where texts fill up what one segment may hold, merges end there: nothing fails, nothing waits, everything is found.</summary>
public sealed class FullSegmentTests
{
    private const int Flushes = 14;
    private const int PerFlush = 50;
    private const int WordsEach = 10;

    private static readonly CollectionSchema Schema = new() { Texts = [new TextSchema { Name = "text", Index = TextIndex.Bm25 }] };

    [Fact]
    public async Task Segments_are_merged_up_to_the_limit_and_stand_beside_each_other_from_there_on()
    {
        // Three flushes fit in one segment, four do not.
        var limits = new SegmentLimits { Pairs = (3 * PerFlush * WordsEach) + 1 };
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(
            directory.Path, _ => new CollectionSettings { DiskReserveBytes = 0, Limits = limits });
        Collection collection = store.Create("texts", Schema);
        for (int flush = 0; flush < Flushes; flush++)
        {
            WriteOperation[] batch = [.. Enumerable.Range(flush * PerFlush, PerFlush).Select(static i => new WriteOperation.Put(DocumentOf(i)))];
            await collection.WriteAsync(batch, default, TestContext.Current.CancellationToken);
            await collection.FlushAsync(TestContext.Current.CancellationToken);
        }

        (int segments, _) = await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);

        // The live one aside, which is empty.
        Assert.InRange(segments, (Flushes + 2) / 3, Flushes / 2);
        Assert.Empty(collection.Describe().Failures);
        Assert.Equal(Flushes * PerFlush, collection.Count(SearchEngine.Collections.Filters.Filter.All));
        for (int i = 0; i < Flushes * PerFlush; i += 7)
        {
            SearchResult result = collection.SearchPostings(new TextSearchRequest { Query = $"own{i}" }).Result;
            Assert.Equal((DocumentId)(ulong)i, Assert.Single(result.Hits).Id);
        }
    }

    [Fact]
    public async Task Segments_that_fit_together_once_their_dead_rows_are_gone_are_merged_by_the_same_call()
    {
        // Two flushes do not fit in one segment, until half of each is deleted.
        var limits = new SegmentLimits { Pairs = (PerFlush * WordsEach) + 1 };
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(
            directory.Path, _ => new CollectionSettings { DiskReserveBytes = 0, Limits = limits });
        Collection collection = store.Create("texts", Schema);
        for (int flush = 0; flush < 2; flush++)
        {
            WriteOperation[] batch = [.. Enumerable.Range(flush * PerFlush, PerFlush).Select(static i => new WriteOperation.Put(DocumentOf(i)))];
            await collection.WriteAsync(batch, default, TestContext.Current.CancellationToken);
            await collection.FlushAsync(TestContext.Current.CancellationToken);
        }
        WriteOperation[] deletes = [.. Enumerable.Range(0, PerFlush).Select(static i => new WriteOperation.Delete((ulong)(2 * i)))];
        await collection.WriteAsync(deletes, default, TestContext.Current.CancellationToken);

        (int segments, _) = await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);

        Assert.True(segments == 1, $"{segments} segments stand: Optimisation looks at what fits together only before it rewrites what has dead rows");
        Assert.Equal(PerFlush, collection.Count(SearchEngine.Collections.Filters.Filter.All));
    }

    private static Document DocumentOf(int i) => new()
    {
        Id = (ulong)i,
        Texts = new Dictionary<string, string> { ["text"] = $"own{i} " + string.Join(' ', Enumerable.Range(0, WordsEach - 1).Select(static w => $"word{w}")) },
    };
}
