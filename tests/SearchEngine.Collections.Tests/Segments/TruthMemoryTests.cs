using SearchEngine.Collections.Search;
using SearchEngine.Collections.Tests.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Segments;

/// <summary>A collection with more exact vectors than may be mapped serves without holding any.</summary>
public sealed class TruthMemoryTests
{
    private const int Rows = 600;

    [Fact]
    public async Task Exact_vectors_beyond_the_limit_are_read_and_none_stays_in_the_process()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = await FilledAsync(directory, new CollectionSettings { DiskReserveBytes = 0, MappedTruthBytes = 0 });
        Collection collection = store.Get("documents");
        var vectors = new TopicVectors(6);
        foreach (bool merged in new[] { false, true })
        {
            if (merged)
            {
                await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
            }
            for (int q = 0; q < 20; q++)
            {
                float[] query = vectors.Query();
                SearchResult found = collection.Search(new SearchRequest { Query = query });
                SearchResult exact = collection.Search(new SearchRequest { Query = query, Accuracy = Accuracy.Exact });
                Assert.Equal(10, found.Hits.Count);
                Assert.Equal(exact.Hits[0].Id, found.Hits[0].Id);
            }
            long held = TruthIn(directory);
            Assert.True(held == 0, $"{held} KiB of exact vectors are memory of the process (merged: {merged}): something touches them where they are mapped");
        }
    }

    [Fact]
    public async Task Exact_vectors_within_the_limit_are_mapped()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = await FilledAsync(directory, new CollectionSettings { DiskReserveBytes = 0 });
        store.Get("documents").Search(new SearchRequest { Query = new TopicVectors(6).Query() });
        Assert.NotEqual(0, TruthIn(directory));
    }

    private static async Task<CollectionStore> FilledAsync(TempDirectory directory, CollectionSettings settings)
    {
        var store = CollectionStore.Open(directory.Path, _ => settings);
        Collection collection = store.Create("documents", TopicVectors.Schema);
        var vectors = new TopicVectors(5);
        for (int first = 0; first < 2 * Rows; first += Rows)
        {
            WriteOperation[] batch = [.. Enumerable.Range(first, Rows).Select(i => new WriteOperation.Put(vectors.Document(i)))];
            await collection.WriteAsync(batch, cancel: TestContext.Current.CancellationToken);
            await collection.FlushAsync(TestContext.Current.CancellationToken);
        }
        return store;
    }

    private static long TruthIn(TempDirectory directory) => ProcessMemory.OfFiles(
        path => path.StartsWith(directory.Path, StringComparison.Ordinal) && Path.GetFileName(path).StartsWith("truth.", StringComparison.Ordinal));
}
