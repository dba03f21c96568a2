using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Tests.Model;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

public sealed class CollectionCoreTests
{
    private const string Name = "core";

    [Fact]
    public async Task Rows_of_a_refused_group_do_not_come_alive_by_a_flush()
    {
        using var directory = new TempDirectory();
        var layer = new FaultyFileLayer(directory.Path, 1);
        var random = new RandomDocuments(1);
        var model = new StoreModel();
        using CollectionStore store = Open(directory, layer, new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create(Name, RandomDocuments.Schema);
        await Put(collection, model, random, 0, 5);
        // A write to the log, then its sync.
        layer.FailAt(layer.Operations + 2, Fault.DeviceError);
        await Assert.ThrowsAsync<CollectionException>(() => Put(collection, new StoreModel(), random, 3, 8));
        await collection.FlushAsync(TestContext.Current.CancellationToken);
        ModelCheck.Whole(collection, model, "after a refused group and a flush");
        await Put(collection, model, random, 4, 9);
        await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
        ModelCheck.Whole(collection, model, "after another group and a merge");
    }

    [Fact]
    public async Task However_often_a_flush_is_asked_for_there_are_at_most_six_segments()
    {
        using var directory = new TempDirectory();
        var random = new RandomDocuments(2);
        var model = new StoreModel();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create(Name, RandomDocuments.Schema);
        int most = 0;
        for (int i = 0; i < 16; i++)
        {
            await Put(collection, model, random, 3 * i, 3 * i + 3);
            // Two at once: the second waits in the queue when the first ends.
            await Task.WhenAll(collection.FlushAsync(TestContext.Current.CancellationToken), collection.FlushAsync(TestContext.Current.CancellationToken));
            most = Math.Max(most, collection.Describe().Segments);
        }
        Assert.InRange(most, 2, CollectionSettings.MaxSegments);
        ModelCheck.Whole(collection, model, "after many flushes");
    }

    [Fact]
    public async Task At_a_full_disk_puts_are_refused_deletes_work_and_room_brings_writes_back()
    {
        using var directory = new TempDirectory();
        var layer = new FaultyFileLayer(directory.Path, 3);
        var random = new RandomDocuments(3);
        var model = new StoreModel();
        const long Reserve = 1 << 20;
        var time = new ManualTime();
        using CollectionStore store = Open(directory, layer, new CollectionSettings { DiskReserveBytes = Reserve }, time);
        Collection collection = store.Create(Name, RandomDocuments.Schema);
        await Put(collection, model, random, 0, 20);
        layer.Free = Reserve - 1;
        time.Advance(TimeSpan.FromSeconds(1));
        var refused = await Assert.ThrowsAsync<CollectionException>(() => Put(collection, new StoreModel(), random, 20, 21));
        Assert.Equal(CollectionError.DiskReserve, refused.Error);
        var delete = new WriteOperation.Delete(new DocumentId(1UL));
        await collection.WriteAsync([delete], default, TestContext.Current.CancellationToken);
        model.Apply(delete);
        refused = await Assert.ThrowsAsync<CollectionException>(() => collection.FlushAsync(TestContext.Current.CancellationToken));
        Assert.Equal(CollectionError.DiskReserve, refused.Error);
        ModelCheck.Whole(collection, model, "at a full disk");
        layer.Free = long.MaxValue;
        time.Advance(TimeSpan.FromSeconds(1));
        await Put(collection, model, random, 20, 25);
        await collection.FlushAsync(TestContext.Current.CancellationToken);
        ModelCheck.Whole(collection, model, "after room was made");
    }

    [Fact]
    public async Task Upkeep_that_has_no_room_says_so_and_neither_writers_nor_dispose_wait_for_it()
    {
        using var directory = new TempDirectory();
        var layer = new FaultyFileLayer(directory.Path, 4);
        var random = new RandomDocuments(4);
        var model = new StoreModel();
        const long Reserve = 1 << 20;
        CollectionStore store = Open(directory, layer, new CollectionSettings { DiskReserveBytes = Reserve, FlushRows = 16 });
        Collection collection = store.Create(Name, RandomDocuments.Schema);
        // Enough for writes, not for a segment.
        layer.Free = Reserve + 1;
        for (int i = 0; i < 10; i++)
        {
            await Put(collection, model, random, 10 * i, 10 * i + 10);
        }
        for (int i = 0; i < 300 && collection.Describe().Failures.Count == 0; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        Assert.Contains("upkeep", collection.Describe().Failures.Keys);
        ModelCheck.Whole(collection, model, "while upkeep fails");
        store.Dispose();
        layer.Free = long.MaxValue;
        using CollectionStore again = Open(directory, layer, new CollectionSettings { DiskReserveBytes = 0, FlushRows = 16 });
        ModelCheck.Whole(again.Get(Name), model, "opened again");
    }

    [Fact]
    public async Task A_scroll_that_outlives_its_store_removes_nothing_of_the_next_one()
    {
        using var directory = new TempDirectory();
        var random = new RandomDocuments(5);
        var model = new StoreModel();
        var settings = new CollectionSettings { DiskReserveBytes = 0 };
        CollectionStore store = CollectionStore.Open(directory.Path, _ => settings);
        Collection collection = store.Create(Name, RandomDocuments.Schema);
        await Put(collection, model, random, 0, 10);
        await collection.FlushAsync(TestContext.Current.CancellationToken);
        Scroll scroll = collection.Scroll(new ScrollRequest());
        await Put(collection, model, random, 5, 15);
        await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
        await collection.DeleteAsync(Filter.All);
        await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
        store.Dispose();
        store.Dispose();
        model = new StoreModel();
        using CollectionStore next = CollectionStore.Open(directory.Path, _ => settings);
        collection = next.Get(Name);
        await Put(collection, model, random, 20, 30);
        await collection.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(10, scroll.Read(100).Count);
        scroll.Dispose();
        next.Dispose();
        using CollectionStore last = CollectionStore.Open(directory.Path, _ => settings);
        Assert.Empty(last.Get(Name).Damage);
        ModelCheck.Whole(last.Get(Name), model, "after an old scroll ended");
        Assert.Throws<CollectionException>(() => store.Get(Name));
        Assert.Throws<CollectionException>(() => collection.Count(Filter.All));
    }

    private static CollectionStore Open(TempDirectory directory, FaultyFileLayer layer, CollectionSettings settings, TimeProvider? time = null) =>
        CollectionStore.Open(Path.Combine(directory.Path, "store"), _ => settings, time ?? TimeProvider.System, new SerialFileLayer(layer));

    private static async Task Put(Collection collection, StoreModel model, RandomDocuments random, int from, int to)
    {
        WriteOperation[] batch = [.. Enumerable.Range(from, to - from).Select(i => new WriteOperation.Put(random.Document(new DocumentId((ulong)i))))];
        await collection.WriteAsync(batch, default, TestContext.Current.CancellationToken);
        foreach (WriteOperation operation in batch)
        {
            model.Apply(operation);
        }
    }
}
