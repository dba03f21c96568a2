using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Snapshots;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Tests.Core;
using SearchEngine.Collections.Tests.Model;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Snapshots;

public sealed class SnapshotTests
{
    [Fact]
    public async Task Restore_refuses_one_flipped_bit_a_cut_a_longer_and_a_missing_file()
    {
        using StoreSample sample = await StoreSample.Make(7);
        using CollectionStore store = CollectionStore.Open(sample.Root, static _ => StoreSample.Settings);
        using var place = new TempDirectory();
        string backup = place.File("backup");
        SnapshotDescription taken = await store.BackupAsync(StoreSample.Name, backup, TestContext.Current.CancellationToken);
        var random = new Random(7);
        string[] files = Directory.GetFiles(backup, "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 10, "the sample has too few files to test anything");
        foreach (string file in files)
        {
            long length = new FileInfo(file).Length;
            foreach (long position in new[] { 0, length - 1, random.NextInt64(length), random.NextInt64(length) })
            {
                int bit = random.Next(8);
                StoreSample.Flip(file, position, bit);
                Refused(store, backup, $"{file} flipped at {position}");
                StoreSample.Flip(file, position, bit);
            }
            byte last = Cut(file);
            Refused(store, backup, $"{file} cut by a byte");
            Append(file, last);
            Append(file, 0);
            Refused(store, backup, $"{file} longer by a byte");
            Cut(file);
            File.Move(file, file + ".away");
            Refused(store, backup, $"{file} missing");
            File.Move(file + ".away", file);
        }
        Assert.Throws<CollectionException>(() => store.Restore("other", backup, new string('0', 64)));
        Collection restored = store.Restore("restored", backup, taken.ManifestSha256, cancel: TestContext.Current.CancellationToken);
        ModelCheck.Whole(restored, sample.Model, "restored from the untouched backup");
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/hostname")]
    [InlineData("segment/../../outside")]
    public void Restore_refuses_a_list_that_names_a_file_outside(string path)
    {
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.File("store"), static _ => StoreSample.Settings);
        string snapshot = directory.File("snapshot");
        Directory.CreateDirectory(snapshot);
        File.WriteAllText(directory.File("outside"), "x");
        new SnapshotManifest("c", DateTimeOffset.UnixEpoch, 1, 1, [new SnapshotFile(path, 1, 1)]).Write(snapshot, DiskFileLayer.Instance);
        CollectionException refusal = Assert.Throws<CollectionException>(() => store.Restore("c", snapshot));
        Assert.Equal(CollectionError.Checksum, refusal.Error);
        Assert.Contains("outside", refusal.What, StringComparison.Ordinal);
        Assert.Empty(store.Names);
    }

    [Fact]
    public async Task A_backup_goes_to_the_place_that_was_named_unless_the_store_would_remove_it()
    {
        using StoreSample sample = await StoreSample.Make(10);
        using CollectionStore store = CollectionStore.Open(sample.Root + "/", static _ => StoreSample.Settings);
        using var place = new TempDirectory();
        SnapshotDescription taken = await store.BackupAsync(StoreSample.Name, place.File("new/deep/backup") + "/", TestContext.Current.CancellationToken);
        Assert.Equal((place.File("new/deep/backup"), "backup"), (taken.Directory, taken.Name));
        ModelCheck.Whole(store.Restore("restored", taken.Directory + "/", taken.ManifestSha256, cancel: TestContext.Current.CancellationToken), sample.Model, "restored");
        foreach (string inside in new[] { "collection-000001/backup", "snapshots/backup" })
        {
            CollectionException refusal = await Assert.ThrowsAsync<CollectionException>(
                () => store.BackupAsync(StoreSample.Name, Path.Combine(sample.Root, inside), TestContext.Current.CancellationToken));
            Assert.Equal((CollectionError.FieldInvalid, "directory"), (refusal.Error, refusal.Field));
        }
    }

    [Fact]
    public async Task Snapshots_survive_the_drop_of_their_collection_and_names_are_checked()
    {
        using StoreSample sample = await StoreSample.Make(8);
        using CollectionStore store = CollectionStore.Open(sample.Root, static _ => StoreSample.Settings);
        SnapshotDescription taken = await store.SnapshotAsync(StoreSample.Name, "s1", TestContext.Current.CancellationToken);
        foreach (string name in new[] { "s1", "x.tmp", "../up", "", "a/b" })
        {
            await Assert.ThrowsAsync<CollectionException>(() => store.SnapshotAsync(StoreSample.Name, name, TestContext.Current.CancellationToken));
        }
        store.Drop(StoreSample.Name, AliasPolicy.Remove);
        SnapshotDescription listed = Assert.Single(store.Snapshots());
        Assert.Equal(taken, listed);
        ModelCheck.Whole(store.Restore("back", listed.Directory, listed.ManifestSha256, cancel: TestContext.Current.CancellationToken), sample.Model, "restored after the drop");
        StoreSample.Flip(Path.Combine(listed.Directory, "SNAPSHOT"), 100, 1);
        Assert.NotNull(Assert.Single(store.Snapshots()).Damage);
        store.DeleteSnapshot(StoreSample.Name, "s1");
        Assert.Empty(store.Snapshots());
    }

    [Fact]
    public async Task A_snapshot_under_writes_is_the_state_as_of_its_sequence()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0, FlushRows = 64, MaxPending = 32 });
        Collection collection = store.Create("c", RandomDocuments.Schema);
        var random = new RandomDocuments(9, 60);
        var states = new SortedDictionary<ulong, StoreModel> { [0] = new StoreModel() };
        using var stop = new CancellationTokenSource();
        Task writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                WriteOperation[] batch = [.. Enumerable.Range(0, 4).Select(_ => random.Operation(static _ => 0))];
                WriteReport report = await collection.WriteAsync(batch, new WriteOptions(Items: ItemPolicy.SkipItem));
                StoreModel next = states.Values.Last().Copy();
                foreach (WriteOperation operation in batch)
                {
                    next.Apply(operation);
                }
                states[report.Sequence] = next;
            }
        });
        var taken = new List<SnapshotDescription>();
        for (int i = 0; i < 6; i++)
        {
            taken.Add(await store.SnapshotAsync("c", $"s{i}", TestContext.Current.CancellationToken));
        }
        await stop.CancelAsync();
        await writing;
        foreach (SnapshotDescription snapshot in taken)
        {
            Collection restored = store.Restore("r" + snapshot.Name, snapshot.Directory, snapshot.ManifestSha256, cancel: TestContext.Current.CancellationToken);
            Assert.Equal(snapshot.Sequence, restored.Sequence);
            ModelCheck.Whole(restored, states.Last(s => s.Key <= snapshot.Sequence).Value, $"snapshot at sequence {snapshot.Sequence}");
        }
    }

    private static byte Cut(string path)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        file.Position = file.Length - 1;
        byte last = (byte)file.ReadByte();
        file.SetLength(file.Length - 1);
        return last;
    }

    private static void Append(string path, byte value)
    {
        using FileStream file = File.Open(path, FileMode.Append);
        file.WriteByte(value);
    }

    private static void Refused(CollectionStore store, string backup, string what)
    {
        try
        {
            store.Restore("broken", backup);
        }
        catch (CollectionException refusal) when (refusal.Error is CollectionError.Checksum or CollectionError.SnapshotUnknown)
        {
            return;
        }
        Assert.Fail($"{what}: restored all the same");
    }
}
