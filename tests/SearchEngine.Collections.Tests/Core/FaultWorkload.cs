using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Log;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Tests.Model;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>
/// A store that is used in every way while a file operation fails, and the model of what was acknowledged. Every refusal must be typed; what was
/// refused last, without a later acknowledgement, may or may not be there after a crash.
/// </summary>
internal sealed class FaultWorkload : IDisposable
{
    private const string First = "first";
    private const string Second = "second";

    /// <summary>Files of the log end after a few batches, so that flushes trim it.</summary>
    private static readonly CollectionSettings Settings = new()
    {
        FlushRows = 24,
        MaxPending = 16,
        DiskReserveBytes = 0,
        Log = new LogOptions { RollBytes = 8 << 10, ZerosAhead = 4 << 10 },
    };

    private readonly TempDirectory _directory = new();
    private readonly RandomDocuments _random;
    private readonly StoreModel _model = new();
    private readonly List<string> _attributes = [];
    private readonly string _when;
    private List<WriteOperation>? _uncertain;
    private string? _target;
    private bool _aliasUncertain;
    private CollectionStore? _store;

    public FaultWorkload(int seed, string when)
    {
        _random = new RandomDocuments(seed, 40);
        _when = $"seed {seed}, {when}";
        Layer = new FaultyFileLayer(_directory.Path, seed);
        Files = new SerialFileLayer(Layer);
    }

    public FaultyFileLayer Layer { get; }

    private IFileLayer Files { get; }

    private string Root => Path.Combine(_directory.Path, "store");

    public async Task Run(int steps)
    {
        await Tolerate(() =>
        {
            Open();
            return Task.CompletedTask;
        });
        foreach (string name in new[] { First, Second })
        {
            await Tolerate(() =>
            {
                _store?.Create(name, RandomDocuments.Schema);
                return Task.CompletedTask;
            });
        }
        for (int step = 0; step < steps && !Layer.HasCrashed; step++)
        {
            await Step(step);
        }
    }

    /// <summary>The collection that goes on, or says that it is read-only; what it shows is the model.</summary>
    public async Task VerifyRunning()
    {
        if (_store?.Names.Contains(First) != true)
        {
            return;
        }
        ModelCheck.Whole(_store.Get(First), _model, _when + ", still running");
        await Write(_store.Get(First), [new WriteOperation.Put(_random.Document(new DocumentId(7UL)))]);
        ModelCheck.Whole(_store.Get(First), _model, _when + ", still running, after one more write");
    }

    /// <summary>Ends the power, opens again and compares.</summary>
    public void CrashAndVerify()
    {
        _store?.Dispose();
        Layer.Crash();
        Open();
        Assert.Empty(_store!.Damage);
        if (_store.Names.Contains(First))
        {
            Collection collection = _store.Get(First);
            Assert.True(collection.Damage.Count == 0, $"{_when}: a failing operation is not damage, but there is {string.Join("; ", collection.Damage)}");
            if (_uncertain is not null)
            {
                UncertainBatch.Settle(collection, _model, _uncertain, _when);
            }
            ModelCheck.Whole(collection, _model, _when + ", after the crash");
            Assert.All(_attributes, a => Assert.Contains(collection.Schema.Attributes, s => s.Name == a));
        }
        else
        {
            Assert.Empty(_model.Documents);
        }
        string?[] targets = [.. new[] { "x", "y" }.Select(a => _store.Aliases.FirstOrDefault(alias => alias.Name == a)?.Collection)];
        Assert.True(targets[0] == targets[1], $"{_when}: aliases switched together point to {targets[0]} and {targets[1]}");
        Assert.True(_aliasUncertain || targets[0] == _target, $"{_when}: aliases point to {targets[0]} instead of {_target}");
    }

    public void Dispose()
    {
        _store?.Dispose();
        _directory.Dispose();
    }

    private void Open() => _store = CollectionStore.Open(Root, static _ => Settings, TimeProvider.System, Files);

    private Task Step(int step)
    {
        if (_store is not { } store || store.Names is not [First, Second])
        {
            return Task.CompletedTask;
        }
        Collection collection = store.Get(First);
        return _random.Next(20) switch
        {
            < 12 => Write(collection, Batch()),
            < 15 => Tolerate(() => collection.FlushAsync(TestContext.Current.CancellationToken)),
            < 16 => Tolerate(() => collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken)),
            < 18 => Switch(store, _random.Next(2) == 0 ? First : Second),
            _ => AddAttribute(collection, $"extra{step}"),
        };
    }

    private List<WriteOperation> Batch()
    {
        var batch = new List<WriteOperation>();
        for (int i = 1 + _random.Next(6); i > 0; i--)
        {
            DocumentId id = _random.Id();
            batch.Add(_random.Next(10) switch
            {
                < 7 => new WriteOperation.Put(_random.Document(id)),
                < 8 when _attributes.Count > 0 => new WriteOperation.Patch(
                    id, new Dictionary<string, AttributeValue> { [_attributes[^1]] = AttributeValue.OfInteger(_random.Next(100)) }),
                < 9 => new WriteOperation.Patch(id, new Dictionary<string, AttributeValue> { ["size"] = AttributeValue.OfInteger(_random.Next(100)) }),
                _ => new WriteOperation.Delete(id),
            });
        }
        return batch;
    }

    private async Task Write(Collection collection, List<WriteOperation> batch)
    {
        if (await Tolerate(() => collection.WriteAsync(batch, new WriteOptions(AckLevel.Logged, ItemPolicy.SkipItem))))
        {
            batch.ForEach(operation => _model.Apply(operation));
            _uncertain = null;
        }
        else
        {
            _uncertain = batch;
        }
    }

    private async Task Switch(CollectionStore store, string target)
    {
        bool switched = await Tolerate(() =>
        {
            store.SwitchAliases([new AliasSwitch("x", target), new AliasSwitch("y", target)]);
            return Task.CompletedTask;
        });
        _target = switched ? target : _target;
        _aliasUncertain = !switched;
    }

    private async Task AddAttribute(Collection collection, string name)
    {
        if (await Tolerate(() => collection.AddAttributeAsync(new AttributeSchema { Name = name, Type = AttributeType.Integer })))
        {
            _attributes.Add(name);
        }
    }

    private async Task<bool> Tolerate(Func<Task> operation)
    {
        try
        {
            await operation();
            return true;
        }
        catch (Exception refusal) when (refusal is CollectionException or IOException or CrashException)
        {
            return false;
        }
    }
}
