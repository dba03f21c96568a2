using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Tests.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Writes;

public sealed class LoggedEachTests
{
    private const int Batches = 40;
    private const int Busy = 3_000;

    [Theory]
    [InlineData(AckLevel.Logged)]
    [InlineData(AckLevel.LoggedEach)]
    public async Task What_a_logged_batch_found_done_already_is_on_the_disk_when_it_is_acknowledged(AckLevel level)
    {
        var vectors = new TopicVectors(4);
        for (int seed = 1; seed <= 8; seed++)
        {
            using var directory = new TempDirectory();
            var disk = new FaultyFileLayer(directory.Path, seed);
            string root = Path.Combine(directory.Path, "store");
            using (CollectionStore store = CollectionStore.Open(root, null, TimeProvider.System, new SerialFileLayer(disk)))
            {
                Collection target = store.Create("docs", TopicVectors.Schema);
                await target.WriteAsync([new WriteOperation.Put(vectors.Document(1))], new WriteOptions(AckLevel.Logged), TestContext.Current.CancellationToken);
                await target.WriteAsync([new WriteOperation.Delete(1)], new WriteOptions(AckLevel.Memory), TestContext.Current.CancellationToken);
                WriteReport report = await target.WriteAsync([new WriteOperation.Delete(1)], new WriteOptions(level), TestContext.Current.CancellationToken);
                Assert.Equal(0, report.Applied);
                // From here on no synchronization succeeds any more.
                disk.FailAt(disk.Operations + 1, Fault.Crash);
            }
            disk.Crash();
            using CollectionStore again = CollectionStore.Open(root, null, TimeProvider.System, new SerialFileLayer(disk));
            Assert.True(again.Get("docs").DocumentCount == 0, $"seed {seed}: a delete was acknowledged as {level}, and the document is back after a loss of power");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_acknowledged_in_memory_comes_to_the_disk_when_nothing_else_is_to_do()
    {
        using var directory = new TempDirectory();
        var disk = new FaultyFileLayer(directory.Path, seed: 2);
        var vectors = new TopicVectors(5);
        using (CollectionStore store = CollectionStore.Open(directory.Path, null, TimeProvider.System, new SerialFileLayer(disk)))
        {
            Collection target = store.Create("docs", TopicVectors.Schema);
            int before = disk.Operations;
            await target.WriteAsync([new WriteOperation.Put(vectors.Document(1))], new WriteOptions(AckLevel.Memory));
            while (!disk.History.ToArray().Skip(before).Any(static step => step.StartsWith("sync", StringComparison.Ordinal) && step.EndsWith(".log", StringComparison.Ordinal)))
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Each_batch_that_asks_for_it_has_a_synchronization_of_its_own_however_many_wait()
    {
        using var directory = new TempDirectory();
        var disk = new FaultyFileLayer(directory.Path, seed: 1);
        using CollectionStore store = CollectionStore.Open(
            directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 }, TimeProvider.System, new SerialFileLayer(disk));
        Collection target = store.Create("docs", TopicVectors.Schema);
        var vectors = new TopicVectors(3);

        int each = await SyncsAsync(AckLevel.LoggedEach, 0);
        int together = await SyncsAsync(AckLevel.Logged, Batches);

        Assert.True(each >= Batches, $"{Batches} batches were synchronized {each} times: some shared a synchronization");
        Assert.True(together < Batches, $"{Batches} batches that may share a synchronization took {together}: nothing was gathered, so the test says nothing");
        Assert.Equal(2 * Batches + Busy, target.DocumentCount);

        async Task<int> SyncsAsync(AckLevel level, int first)
        {
            int before = Syncs();
            // The writer is busy with the first while the others come.
            Task<WriteReport>[] written =
            [
                target.WriteAsync(
                    [.. Enumerable.Range(1_000, Busy).Select(i => new WriteOperation.Put(vectors.Document(i)))], new WriteOptions(AckLevel.Memory),
                    TestContext.Current.CancellationToken),
                .. Enumerable.Range(first, Batches).Select(i => target.WriteAsync(
                    [new WriteOperation.Put(vectors.Document(i))], new WriteOptions(level), TestContext.Current.CancellationToken)),
            ];
            await Task.WhenAll(written);
            return Syncs() - before;
        }

        // Nothing is written at these moments: every write has been acknowledged.
        int Syncs() => disk.History.ToArray().Count(static step => step.StartsWith("sync", StringComparison.Ordinal) && step.Contains("log", StringComparison.Ordinal));
    }
}
