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
