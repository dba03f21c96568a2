using SearchEngine.Collections.Core;
using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Snapshots;
using SearchEngine.Collections.Tests.Core;
using SearchEngine.Collections.Tests.Model;
using SearchEngine.Collections.Tests.Segments;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Snapshots;

/// <summary>
/// While a long copy stands still at a file, everything else goes on: no timing is looked at, what would wait would wait for ever, and the
/// runner's limit would name the test.
/// </summary>
public sealed class LongCopyTests
{
    private const int Limit = 120_000;
    private static readonly CollectionSchema OnlyText = new() { Texts = [new TextSchema { Name = "text" }] };

    [Fact(Timeout = Limit)]
    public async Task While_a_backup_copies_the_collection_flushes_and_merges_and_the_backup_is_as_it_began()
    {
        using StoreSample sample = await StoreSample.Make(31);
        using var place = new TempDirectory();
        string backup = place.File("backup");
        using var copying = new StandingOperation(o => o.StartsWith("create " + backup, StringComparison.Ordinal) && o.EndsWith("bodies", StringComparison.Ordinal));
        using CollectionStore store = Open(sample.Root, copying);
        Collection collection = store.Get(StoreSample.Name);
        Task<SnapshotDescription> taking = store.BackupAsync(StoreSample.Name, backup, TestContext.Current.CancellationToken);
        await copying.Reached;

        var random = new RandomDocuments(31);
        StoreModel later = sample.Model.Copy();
        for (int i = 0; i < 3; i++)
        {
            WriteOperation[] batch = [.. Enumerable.Range(20 * i, 20).Select(id => new WriteOperation.Put(random.Document(new DocumentId((ulong)id))))];
            await collection.WriteAsync(batch, default, TestContext.Current.CancellationToken);
            Array.ForEach(batch, operation => later.Apply(operation));
            await collection.FlushAsync(TestContext.Current.CancellationToken);
        }
        // Merges away the very segments that are being copied.
        (int segments, _) = await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
        Assert.Equal(1, segments);
        await Assert.ThrowsAsync<CollectionException>(() => store.BackupAsync(StoreSample.Name, backup, TestContext.Current.CancellationToken));
        await store.SnapshotAsync(StoreSample.Name, "meanwhile", TestContext.Current.CancellationToken);
        Assert.False(taking.IsCompleted, "the backup did not stand still, so nothing was tested");

        copying.GoOn();
        SnapshotDescription taken = await taking;
        Collection restored = store.Restore("restored", backup, taken.ManifestSha256, cancel: TestContext.Current.CancellationToken);
        ModelCheck.Whole(restored, sample.Model, "restored from a backup that was overtaken by merges");
        ModelCheck.Whole(collection, later, "after the backup");
    }

    [Fact(Timeout = Limit)]
    public async Task While_one_collection_is_restored_and_one_is_removed_others_are_made_found_written_and_dropped()
    {
        using StoreSample sample = await StoreSample.Make(32);
        using var restoring = new StandingOperation(o => o.StartsWith("link ", StringComparison.Ordinal) && o.EndsWith("bodies", StringComparison.Ordinal));
        using var removing = new StandingOperation(o => o.StartsWith("delete ", StringComparison.Ordinal) && Directory.Exists(o["delete ".Length..] + "/log"));
        using var place = new TempDirectory();
        string backup = place.File("backup");
        using (CollectionStore before = CollectionStore.Open(sample.Root, static _ => StoreSample.Settings))
        {
            await before.BackupAsync(StoreSample.Name, backup, TestContext.Current.CancellationToken);
            before.Create("old", OnlyText);
        }
        using CollectionStore store = Open(sample.Root, restoring, removing);
        Task<Collection> made = Task.Run(() => store.Restore("restored", backup), TestContext.Current.CancellationToken);
        Task dropped = Task.Run(() => store.Drop("old"), TestContext.Current.CancellationToken);
        await restoring.Reached;
        await removing.Reached;

        Assert.Null(store.TryGet("restored"));
        Assert.Null(store.TryGet("old"));
        Assert.Throws<CollectionException>(() => store.Create("restored", OnlyText));
        Collection other = store.Create("other", OnlyText);
        await other.WriteAsync([new WriteOperation.Put(new Document { Id = 1 })], default, TestContext.Current.CancellationToken);
        store.SwitchAliases([new AliasSwitch("another", "other")]);
        Assert.Equal(1, store.Get("another").DocumentCount);
        store.Create("old", OnlyText);
        ModelCheck.Whole(store.Get(StoreSample.Name), sample.Model, "beside a restore and a removal");

        restoring.GoOn();
        removing.GoOn();
        await dropped;
        ModelCheck.Whole(await made, sample.Model, "restored while others were made");
    }

    [Fact(Timeout = Limit)]
    public async Task A_cancelled_backup_leaves_nothing()
    {
        using StoreSample sample = await StoreSample.Make(33);
        using var place = new TempDirectory();
        using var copying = new StandingOperation(o => o.StartsWith("create " + place.Path, StringComparison.Ordinal) && o.EndsWith("bodies", StringComparison.Ordinal));
        using CollectionStore store = Open(sample.Root, copying);
        using var cancel = new CancellationTokenSource();
        Task<SnapshotDescription> taking = store.BackupAsync(StoreSample.Name, place.File("backup"), cancel.Token);
        await copying.Reached;
        await cancel.CancelAsync();
        copying.GoOn();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        Assert.Empty(Directory.EnumerateFileSystemEntries(place.Path));
        await store.BackupAsync(StoreSample.Name, place.File("backup"), TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = Limit)]
    public async Task Closing_cancels_copies_that_run_waits_for_them_and_begins_no_others()
    {
        var copies = new CopyThreads("test");
        bool ended = false;
        using var begun = new SemaphoreSlim(0);
        Task<int> copy = copies.Run(
            stop =>
            {
                begun.Release();
                stop.WaitHandle.WaitOne();
                ended = true;
                stop.ThrowIfCancellationRequested();
                return 1;
            },
            CancellationToken.None);
        await begun.WaitAsync(TestContext.Current.CancellationToken);
        copies.Dispose();
        Assert.True(ended, "the copies were closed while one of them was still at work");
        CollectionException closed = await Assert.ThrowsAsync<CollectionException>(() => copy);
        Assert.Equal(CollectionError.Closed, closed.Error);
        CollectionException refused = await Assert.ThrowsAsync<CollectionException>(() => copies.Run(static _ => 1, CancellationToken.None));
        Assert.Equal(CollectionError.Closed, refused.Error);
    }

    private static CollectionStore Open(string root, params StandingOperation[] standing) => CollectionStore.Open(
        root, static _ => StoreSample.Settings, TimeProvider.System,
        new ObservedFileLayer(operation => Array.ForEach(standing, s => s.Before(operation))));
}
