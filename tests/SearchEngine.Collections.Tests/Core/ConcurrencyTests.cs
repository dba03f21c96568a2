using System.Collections.Concurrent;
using System.Diagnostics;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Tests.Model;
using SearchEngine.Collections.Tests.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>Everything at once, for some seconds: readers, writers, flushes, merges, snapshots, drops, and the end of the store under them.</summary>
public sealed class ConcurrencyTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4 + 60 * LongRun.Minutes);

    [Fact]
    public async Task Acknowledged_writes_are_found_by_searches_that_start_later_and_nothing_breaks()
    {
        using var directory = new TempDirectory();
        CollectionStore store = CollectionStore.Open(
            directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0, FlushRows = 128, MaxPending = 64 });
        Collection collection = store.Create("stress", TopicVectors.Schema);
        var acknowledged = new ConcurrentDictionary<DocumentId, (Document Document, ulong Version)>();
        var watch = Stopwatch.StartNew();
        Task[] tasks =
        [
            Task.Run(() => Write(collection, acknowledged, 0, watch)),
            Task.Run(() => Write(collection, acknowledged, 1, watch)),
            Task.Run(() => Find(collection, acknowledged, watch)),
            Task.Run(() => Read(collection, watch)),
            Task.Run(() => Keep(store, collection, watch)),
            Task.Run(() => Drop(store, watch)),
        ];
        await Task.WhenAll(tasks);
        Assert.Equal(acknowledged.Count, collection.Count(Filter.All));
        Assert.Empty(collection.Describe().Failures);

        // The store ends while readers run: they end well or are told.
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => UntilClosed(collection)))];
        Scroll scroll = collection.Scroll(new ScrollRequest());
        store.Dispose();
        await Task.WhenAll(readers);
        Assert.Equal(acknowledged.Count, scroll.Read(int.MaxValue).Count);
        scroll.Dispose();
        Assert.Equal(CollectionError.Closed, (await Assert.ThrowsAsync<CollectionException>(() => collection.FlushAsync())).Error);
        Assert.Equal(
            CollectionError.Closed,
            (await Assert.ThrowsAsync<CollectionException>(() => collection.WriteAsync([new WriteOperation.Delete(new DocumentId(1UL))]))).Error);
    }

    private static async Task Write(Collection collection, ConcurrentDictionary<DocumentId, (Document, ulong)> acknowledged, int writer, Stopwatch watch)
    {
        var vectors = new TopicVectors(31 + writer);
        var random = new Random(31 + writer);
        while (watch.Elapsed < Duration)
        {
            // Ids of its own, met again and again.
            Document[] batch = [.. Enumerable.Range(0, 8).Select(_ => random.Next(300)).Distinct().Select(n => vectors.Document(2 * n + writer))];
            WriteReport report = await collection.WriteAsync(
                [.. batch.Select(static d => new WriteOperation.Put(d))], new WriteOptions(random.Next(2) == 0 ? AckLevel.Memory : AckLevel.Logged));
            for (int i = 0; i < batch.Length; i++)
            {
                acknowledged[batch[i].Id] = (batch[i], report.Versions[i]);
            }
        }
    }

    private static void Find(Collection collection, ConcurrentDictionary<DocumentId, (Document Document, ulong Version)> acknowledged, Stopwatch watch)
    {
        var random = new Random(5);
        while (watch.Elapsed < Duration)
        {
            foreach ((DocumentId id, (Document document, ulong version)) in acknowledged.ToArray().OrderBy(_ => random.Next()).Take(5).ToArray())
            {
                (SearchResult result, IReadOnlyList<Document> documents) = collection.Search(
                    new SearchRequest { Query = document.Vectors[VectorSchema.DefaultName], Count = 5, Accuracy = Accuracy.Exact }, DocumentParts.None);
                Assert.Equal(result.Hits.Count, result.Hits.DistinctBy(static h => h.Id).Count());
                Document? found = documents.FirstOrDefault(d => d.Id == id) ?? collection.Get([id], DocumentParts.None)[0];
                Assert.True(found?.Version >= version, $"{id} was acknowledged at version {version}, found is {found?.Version}");
                // Unless it was written again since, the search itself must have it.
                Assert.True(
                    found!.Version > version || result.Hits.Any(h => h.Id == id), $"{id} at version {version} is not found by its own vector");
            }
        }
    }

    private static void Read(Collection collection, Stopwatch watch)
    {
        var vectors = new TopicVectors(41);
        while (watch.Elapsed < Duration)
        {
            using Scroll scroll = collection.Scroll(new ScrollRequest { OrderBy = "rank" });
            IReadOnlyList<Document> all = scroll.Read(int.MaxValue);
            Assert.Equal(all.Count, all.DistinctBy(static d => d.Id).Count());
            SearchResult result = collection.Search(new SearchRequest { Query = vectors.Query(), Count = 50 });
            Assert.Equal(result.Hits.Count, result.Hits.DistinctBy(static h => h.Id).Count());
            Assert.True(collection.Count(Filter.All) >= all.Count, "no document is ever deleted here, but some are gone");
        }
    }

    private static async Task Keep(CollectionStore store, Collection collection, Stopwatch watch)
    {
        for (int i = 0; watch.Elapsed < Duration; i++)
        {
            await collection.FlushAsync();
            Assert.InRange(collection.Describe().Segments, 1, CollectionSettings.MaxSegments);
            if (i % 4 == 1)
            {
                await collection.OptimiseAsync();
            }
            if (i % 4 == 3)
            {
                await store.SnapshotAsync("stress", $"s{i}");
                store.DeleteSnapshot("stress", $"s{i}");
            }
            Assert.Empty(collection.Scrub());
        }
    }

    private static async Task Drop(CollectionStore store, Stopwatch watch)
    {
        var vectors = new TopicVectors(51);
        while (watch.Elapsed < Duration)
        {
            Collection doomed = store.Create("doomed", TopicVectors.Schema);
            await doomed.WriteAsync([.. Enumerable.Range(0, 100).Select(i => new WriteOperation.Put(vectors.Document(i)))]);
            Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => UntilClosed(doomed)))];
            Task flush = doomed.FlushAsync();
            store.Drop("doomed");
            await Task.WhenAll(readers);
            try
            {
                await flush;
            }
            catch (OperationCanceledException)
            {
                // The collection ended first.
            }
        }
    }

    private static void UntilClosed(Collection collection)
    {
        var vectors = new TopicVectors(61);
        try
        {
            while (true)
            {
                Assert.True(collection.Search(new SearchRequest { Query = vectors.Query(), Count = 3 }).Hits.Count == 3, "a search of a collection that ends misses hits");
                _ = collection.Describe();
            }
        }
        catch (CollectionException closed) when (closed.Error == CollectionError.Closed)
        {
            // As it should.
        }
    }
}
