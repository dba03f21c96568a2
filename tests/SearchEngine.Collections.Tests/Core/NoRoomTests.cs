using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>A live segment that is full and cannot be flushed: writers are told why, deletes work, room brings writes back.</summary>
public sealed class NoRoomTests
{
    private const int Batch = 8192;
    private const long Reserve = 1 << 20;
    private const int Limit = 120_000;

    private static readonly CollectionSchema OnlyText = new() { Texts = [new TextSchema { Name = "text" }] };

    [Fact(Timeout = Limit)]
    public async Task Puts_are_refused_with_what_upkeep_fails_by_and_deletes_work_until_there_is_room()
    {
        using var directory = new TempDirectory();
        var time = new ManualTime();
        // Enough for writes, not for a segment.
        var layer = new FaultyFileLayer(directory.Path, 5) { Free = Reserve + 1 };
        using CollectionStore store = CollectionStore.Open(
            Path.Combine(directory.Path, "store"), static _ => new CollectionSettings { DiskReserveBytes = Reserve, FlushRows = 16 }, time, new SerialFileLayer(layer));
        Collection collection = store.Create("full", OnlyText);

        ulong next = 0;
        CollectionException? refused = null;
        // A live segment is closed at 16 rows and has room for two groups more; the second one is closed when upkeep has failed.
        for (int batches = 0; refused is null && batches < 8; batches++)
        {
            try
            {
                await collection.WriteAsync(Puts(next, Batch), default, TestContext.Current.CancellationToken);
                next += Batch;
            }
            catch (CollectionException error)
            {
                refused = error;
            }
        }
        Assert.True(refused is { Error: CollectionError.DiskReserve }, $"after {next} documents: {refused?.Message ?? "everything was taken"}");
        Assert.Contains("live segment is full", refused?.What, StringComparison.Ordinal);
        Assert.Contains("upkeep", collection.Describe().Failures.Keys);
        Assert.Equal((long)next, collection.Count(Filter.All));

        // Deletes beside a put that is refused, in one call each.
        await collection.WriteAsync([new WriteOperation.Delete(3), new WriteOperation.Delete(next - 1)], default, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<CollectionException>(() => collection.WriteAsync(Puts(next, 1000), default, TestContext.Current.CancellationToken));
        Assert.Equal((long)next - 2, collection.Count(Filter.All));

        layer.Free = long.MaxValue;
        time.Advance(TimeSpan.FromSeconds(1));
        await collection.FlushAsync(TestContext.Current.CancellationToken);
        await collection.WriteAsync(Puts(next, 1000), default, TestContext.Current.CancellationToken);
        Assert.Equal((long)next - 2 + 1000, collection.Count(Filter.All));
        Assert.Empty(collection.Get([3, next - 1], DocumentParts.Content).OfType<Document>());
    }

    private static WriteOperation[] Puts(ulong from, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new WriteOperation.Put(new Document { Id = from + (ulong)i }))];
}
