using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Log;
using SearchEngine.Collections.Snapshots;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Model;

/// <summary>
/// A collection under random writes, searches, flushes, merges, restarts and snapshots holds exactly what a dictionary holds under the
/// same operations, and finds what brute force finds.
/// </summary>
public sealed class CollectionModelTests
{
    private const string Name = "model";

    public static TheoryData<int> Seeds()
    {
        var seeds = new TheoryData<int>();
        int count = 8 * Math.Max(1, 5 * LongRun.Minutes);
        for (int seed = 1; seed <= count; seed++)
        {
            seeds.Add(seed);
        }
        return seeds;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Collection_equals_its_model_after_any_operations(int seed)
    {
        using var directory = new TempDirectory();
        var random = new RandomDocuments(seed);
        var model = new StoreModel();
        CollectionStore store = Open(directory.Path);
        Collection collection = store.Create(Name, RandomDocuments.Schema);
        try
        {
            for (int step = 0; step < 200; step++)
            {
                string when = $"seed {seed}, step {step}";
                switch (random.Next(100))
                {
                    case < 55:
                        await Write(collection, model, random, when);
                        break;
                    case < 80:
                        ModelCheck.Search(collection, model, random, when);
                        break;
                    case < 86:
                        await collection.FlushAsync(TestContext.Current.CancellationToken);
                        break;
                    case < 88:
                        await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
                        ModelCheck.Whole(collection, model, when + ", after optimising");
                        break;
                    case < 93:
                        store.Dispose();
                        store = Open(directory.Path);
                        collection = store.Get(Name);
                        ModelCheck.Whole(collection, model, when + ", after a restart");
                        break;
                    case < 95:
                        await Snapshot(store, collection, model, step, when);
                        break;
                    default:
                        ModelCheck.Whole(collection, model, when);
                        break;
                }
            }
            ModelCheck.Whole(collection, model, $"seed {seed}, at the end");
            Assert.Empty(collection.Damage);
        }
        finally
        {
            store.Dispose();
        }
    }

    private static CollectionStore Open(string directory) => CollectionStore.Open(
        directory,
        static _ => new CollectionSettings { FlushRows = 64, MaxPending = 16, DiskReserveBytes = 0, Log = new LogOptions { RollBytes = 16 << 10 } });

    private static async Task Write(Collection collection, StoreModel model, RandomDocuments random, string when)
    {
        var operations = new List<WriteOperation>();
        StoreModel ahead = model.Copy();
        for (int i = 1 + random.Next(8); i > 0; i--)
        {
            WriteOperation operation = random.Operation(id => ahead.Documents.TryGetValue(id, out Document? d) ? d.Version : 0);
            operations.Add(operation);
            ahead.Apply(operation);
        }
        ItemPolicy policy = random.Next(2) == 0 ? ItemPolicy.SkipItem : ItemPolicy.RefuseBatch;
        var options = new WriteOptions(random.Next(4) == 0 ? AckLevel.Logged : AckLevel.Memory, policy);
        StoreModel expected = model.Copy();
        CollectionError?[] errors = [.. operations.Select(expected.Apply)];
        if (policy == ItemPolicy.RefuseBatch && errors.FirstOrDefault(e => e is not null) is CollectionError first)
        {
            var refused = await Assert.ThrowsAsync<CollectionException>(() => collection.WriteAsync(operations, options));
            Assert.Equal(first, refused.Error);
            return;
        }
        WriteReport report = await collection.WriteAsync(operations, options);
        Assert.Equal(
            errors.Select((e, i) => (Error: e, Index: i)).Where(e => e.Error is not null).Select(e => (e.Index, e.Error!.Value)),
            report.Refused.OrderBy(r => r.Index).Select(r => (r.Index, r.Reason.Error)));
        foreach (WriteOperation operation in operations)
        {
            model.Apply(operation);
        }
        Assert.True(collection.Sequence >= report.Sequence, $"{when}: an acknowledged write is not seen by a search that starts after it");
    }

    private static async Task Snapshot(CollectionStore store, Collection collection, StoreModel model, int step, string when)
    {
        SnapshotDescription snapshot = await store.SnapshotAsync(Name, $"s{step}", TestContext.Current.CancellationToken);
        await collection.WriteAsync([new WriteOperation.Delete(new DocumentId(1UL))], default, TestContext.Current.CancellationToken);
        Collection restored = store.Restore($"restored{step}", snapshot.Directory, snapshot.ManifestSha256, cancel: TestContext.Current.CancellationToken);
        ModelCheck.Whole(restored, model, when + ", restored");
        Assert.True(restored.Damage.Count == 0, $"{when}: a restored collection says it is damaged: {restored.Damage.FirstOrDefault()}");
        await restored.WriteAsync([new WriteOperation.Delete(new DocumentId(1UL))], default, TestContext.Current.CancellationToken);
        model.Apply(new WriteOperation.Delete(new DocumentId(1UL)));
        store.Drop($"restored{step}");
        store.DeleteSnapshot(Name, $"s{step}");
    }
}
