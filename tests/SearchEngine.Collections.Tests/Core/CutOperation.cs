using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Snapshots;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>A small store, the same each time, on a disk that fails at one step of one operation; and what must be true afterwards.</summary>
internal sealed class CutOperation : IDisposable
{
    private const string First = "first";
    private const string Second = "second";
    private const string Made = "made";
    private const string Number = "n";
    private const string Added = "added";
    private const string Kept = "kept";
    private const string Taken = "taken";

    /// <summary>Without vectors: their files are large, and are not written through the layer.</summary>
    private static readonly CollectionSchema Schema = new()
    {
        Texts = [new TextSchema { Name = "text", Index = TextIndex.Bm25 }],
        Attributes = [new AttributeSchema { Name = Number, Type = AttributeType.Integer }],
    };

    private readonly TempDirectory _directory = new();
    private readonly SortedDictionary<ulong, long> _documents = [];
    private readonly StoreOperation _operation;
    private readonly string _when;
    private readonly SerialFileLayer _files;
    private CollectionStore _store;

    private CutOperation(StoreOperation operation, int seed, string when)
    {
        _operation = operation;
        _when = $"{operation}, {when}, seed {seed}";
        Layer = new FaultyFileLayer(_directory.Path, seed);
        _files = new SerialFileLayer(Layer);
        _store = Open();
    }

    public FaultyFileLayer Layer { get; }

    private Collection Target => _store.Get(First);

    /// <summary>Two segments, one with dead rows, and a live rest; another collection, aliases, a snapshot.</summary>
    public static async Task<CutOperation> Prepare(StoreOperation operation, int seed, string when)
    {
        var cut = new CutOperation(operation, seed, when);
        cut._store.Create(First, Schema);
        cut._store.Create(Second, Schema);
        await cut.Put(0, 12);
        await cut.Target.FlushAsync();
        await cut.Put(8, 18);
        await cut.Target.FlushAsync();
        await cut._store.SnapshotAsync(First, Kept);
        await cut.Put(16, 21);
        await cut.Target.WriteAsync([new WriteOperation.Delete(1), new WriteOperation.Delete(17)]);
        cut._documents.Remove(1);
        cut._documents.Remove(17);
        cut._store.SwitchAliases([new AliasSwitch("x", First), new AliasSwitch("y", First)]);
        return cut;
    }

    /// <param name="step">Of those that are still to come; the first is 1.</param>
    public void FailAt(int step, Fault fault) => Layer.FailAt(Layer.Operations + step, fault);

    /// <returns>False when it was refused, which must be typed.</returns>
    public async Task<bool> Run()
    {
        try
        {
            await Do();
            return true;
        }
        catch (Exception refusal) when (refusal is CollectionException or IOException or CrashException)
        {
            return false;
        }
    }

    /// <summary>After a refusal everything goes on, and the same operation can be done.</summary>
    public async Task GoOn()
    {
        Same(Target, "after the refusal");
        await Put(30, 32);
        bool done = await Run();
        Assert.True(done || IsThere() || (_operation == StoreOperation.Drop && _store.TryGet(Second) is null), $"{_when}: refused again, without a fault");
        Same(Target, "after the second attempt");
    }

    /// <summary>Ends the power, opens again and compares.</summary>
    /// <param name="done">Whether the operation was acknowledged.</param>
    public async Task CrashAndVerify(bool done)
    {
        _store.Dispose();
        Layer.Crash();
        _store = Open();
        Assert.True(_store.Damage.Count == 0, $"{_when}: no file was damaged, but there is {string.Join("; ", _store.Damage)}");
        Assert.True(_store.Names.Contains(First), $"{_when}: a collection is gone");
        Same(Target, "after the crash");
        await Verify(done);
        await Put(40, 42);
        Same(Target, "after the crash and a write");
    }

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    private Task Do()
    {
        switch (_operation)
        {
            case StoreOperation.Create:
                _store.Create(Made, Schema);
                return Task.CompletedTask;
            case StoreOperation.Flush:
                return Target.FlushAsync();
            case StoreOperation.Optimise:
                return Target.OptimiseAsync();
            case StoreOperation.AddAttribute:
                return Target.AddAttributeAsync(new AttributeSchema { Name = Added, Type = AttributeType.Keyword });
            case StoreOperation.SwitchAliases:
                _store.SwitchAliases([new AliasSwitch("x", Second), new AliasSwitch("y", Second)]);
                return Task.CompletedTask;
            case StoreOperation.Snapshot:
                return _store.SnapshotAsync(First, Taken);
            case StoreOperation.Restore:
                _store.Restore(Made, SnapshotOf(Kept)!.Directory, SnapshotOf(Kept)!.ManifestSha256);
                return Task.CompletedTask;
            default:
                _store.Drop(Second);
                return Task.CompletedTask;
        }
    }

    private bool IsThere() => _operation switch
    {
        StoreOperation.Create or StoreOperation.Restore => _store.Names.Contains(Made),
        StoreOperation.AddAttribute => Target.Schema.AttributeAt(Added) >= 0,
        StoreOperation.Snapshot => SnapshotOf(Taken) is not null,
        _ => false,
    };

    private async Task Verify(bool done)
    {
        bool there = IsThere();
        switch (_operation)
        {
            case StoreOperation.Create or StoreOperation.Restore or StoreOperation.AddAttribute or StoreOperation.Snapshot:
                Assert.True(there || !done, $"{_when}: it was acknowledged and is lost");
                await VerifyMade(there);
                break;
            case StoreOperation.SwitchAliases:
                string[] targets = [.. _store.Aliases.Select(static a => a.Collection).Distinct()];
                Assert.True(targets.Length == 1, $"{_when}: half of a switch is left: {string.Join(" and ", targets)}");
                Assert.True(!done || targets[0] == Second, $"{_when}: the switch was acknowledged and is lost");
                break;
            case StoreOperation.Drop:
                Assert.False(done && _store.Names.Contains(Second), $"{_when}: what was dropped is back");
                Assert.Equal(0, _store.TryGet(Second)?.Count(Filter.All) ?? 0);
                break;
            default:
                CollectionStatistics now = Target.Describe();
                Assert.True(!done || now.DurableSequence >= now.Sequence, $"{_when}: acknowledged, but a restart replays {now.Sequence - now.DurableSequence} writes");
                break;
        }
        Assert.True(SnapshotOf(Kept) is { Damage: null }, $"{_when}: an older snapshot is gone");
    }

    // What is there is whole; what is not can be made.
    private async Task VerifyMade(bool there)
    {
        if (!there)
        {
            await Do();
        }
        if (_operation == StoreOperation.AddAttribute)
        {
            var values = new Dictionary<string, AttributeValue> { [Added] = AttributeValue.OfKeyword("v") };
            await Target.WriteAsync([new WriteOperation.Patch(5, values)]);
            Assert.Equal(1, Target.Count(new Filter { Must = [new Condition.Exists(Added)] }));
            Assert.Equal(_documents.Count - 1, Target.Count(new Filter { MustNot = [new Condition.Exists(Added)] }));
        }
        else if (_operation == StoreOperation.Snapshot)
        {
            Same(_store.Restore(Made, SnapshotOf(Taken)!.Directory, SnapshotOf(Taken)!.ManifestSha256), "restored from the snapshot");
        }
        else
        {
            Assert.Equal(_operation == StoreOperation.Restore ? 18 : 0, _store.Get(Made).DocumentCount);
            Assert.Empty(_store.Get(Made).Damage);
        }
    }

    private void Same(Collection collection, string then)
    {
        Assert.True(collection.Damage.Count == 0, $"{_when}, {then}: no file was damaged, but there is {string.Join("; ", collection.Damage)}");
        using Scroll scroll = collection.Scroll(new ScrollRequest { OrderBy = Number });
        string[] found = [.. scroll.Read(1000).Select(static d => $"{d.Id}={d.Attributes[Number]}").Order(StringComparer.Ordinal)];
        string[] expected = [.. _documents.Select(static d => $"{d.Key}={d.Value}").Order(StringComparer.Ordinal)];
        Assert.True(expected.SequenceEqual(found), $"{_when}, {then}: {string.Join(' ', found)} instead of {string.Join(' ', expected)}");
    }

    private SnapshotDescription? SnapshotOf(string name) => _store.Snapshots().FirstOrDefault(s => s.Name == name);

    private async Task Put(int from, int to)
    {
        long version = _documents.Count + 100 * from;
        await Target.WriteAsync([.. Enumerable.Range(from, to - from).Select(i => new WriteOperation.Put(new Document
        {
            Id = (ulong)i,
            Texts = new Dictionary<string, string> { ["text"] = $"number {i}" },
            Attributes = new Dictionary<string, AttributeValue> { [Number] = AttributeValue.OfInteger(version) },
        }))]);
        for (int i = from; i < to; i++)
        {
            _documents[(ulong)i] = version;
        }
    }

    private CollectionStore Open() => CollectionStore.Open(
        Path.Combine(_directory.Path, "store"), static _ => new CollectionSettings { DiskReserveBytes = 0, FlushRows = 64 }, TimeProvider.System, _files);
}
