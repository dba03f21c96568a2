using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Tests.Search;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Operations;

public sealed class SelfTestTests
{
    [Theory]
    [InlineData(VectorMetric.Cosine, 0)]
    [InlineData(VectorMetric.Cosine, 1)]
    [InlineData(VectorMetric.Cosine, 700)]
    [InlineData(VectorMetric.Dot, 700)]
    [InlineData(VectorMetric.Euclidean, 700)]
    public async Task Whole_collection_passes_live_flushed_and_with_dead_rows(VectorMetric metric, int points)
    {
        using var folder = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(folder.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create("docs", SearchHost.Schema with { Vectors = [SearchHost.Schema.Vectors[0] with { Metric = metric, PrefixDimensions = [] }] });
        Assert.Null(SelfTest.Fault(collection));
        if (points > 0)
        {
            await collection.WriteAsync([.. Enumerable.Range(1, points).Select(id => new WriteOperation.Put(SearchHost.Point(id, 5)))], default, TestContext.Current.CancellationToken);
            Assert.Null(SelfTest.Fault(collection));
            await collection.FlushAsync(TestContext.Current.CancellationToken);
            await collection.WriteAsync([.. Enumerable.Range(1, Math.Max(1, points / 2)).Select(id => new WriteOperation.Delete(new DocumentId((ulong)id)))], default, TestContext.Current.CancellationToken);
        }
        Assert.Null(SelfTest.Fault(collection));
    }

    [Fact]
    public void Closed_collection_is_a_fault_in_words()
    {
        using var folder = new TempDirectory();
        CollectionStore store = CollectionStore.Open(folder.Path);
        Collection collection = store.Create("docs", SearchHost.Schema);
        store.Dispose();
        Assert.NotNull(SelfTest.Fault(collection));
    }
}
