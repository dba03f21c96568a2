using SearchEngine.Collections.Crash;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Catalog;

public sealed class AliasTests
{
    [Fact]
    public async Task Readers_never_see_half_of_a_switch_and_a_restart_keeps_it()
    {
        using var directory = new TempDirectory();
        CollectionStore store = Open(directory);
        store.Create("a", RandomDocuments.Schema);
        store.Create("b", RandomDocuments.Schema);
        Switch(store, "a");
        using var stop = new CancellationTokenSource();
        int reads = 0;
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref reads))
            {
                string[] targets = [.. store.Aliases.Select(a => a.Collection).Distinct()];
                Assert.True(targets.Length == 1, $"aliases switched together point to {string.Join(" and ", targets)}");
                Assert.NotNull(store.Get("x"));
            }
        }))];
        for (int i = 0; i < 60 || Volatile.Read(ref reads) < 100; i++)
        {
            Switch(store, i % 2 == 0 ? "b" : "a");
            Assert.True(readers.All(r => !r.IsFaulted), "a reader failed");
        }
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Switch(store, "a");
        Switch(store, "b");
        store.Dispose();
        store = Open(directory);
        Assert.Equal(["b", "b", "b"], store.Aliases.Select(a => a.Collection));
        Assert.All(store.Aliases, a => Assert.Equal("a", a.Previous));
        Assert.Same(store.Get("b"), store.Get("y"));
        store.Dispose();
    }

    [Fact]
    public void A_switch_with_one_impossible_action_changes_nothing()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = Open(directory);
        store.Create("a", RandomDocuments.Schema);
        store.Create("b", RandomDocuments.Schema);
        Switch(store, "a");
        (AliasSwitch Impossible, CollectionError Error)[] cases =
        [
            (new("y", "missing"), CollectionError.CollectionUnknown),
            (new("y", "x"), CollectionError.CollectionUnknown),
            (new("b", "a"), CollectionError.AliasConflict),
            (new("y", "b", Expected: "b"), CollectionError.AliasConflict),
            (new("x", "a"), CollectionError.AliasConflict),
            (new("no/name", "a"), CollectionError.FieldInvalid),
        ];
        foreach ((AliasSwitch impossible, CollectionError error) in cases)
        {
            var refused = Assert.Throws<CollectionException>(() => store.SwitchAliases([new AliasSwitch("x", "b"), impossible]));
            Assert.Equal(error, refused.Error);
            Assert.All(store.Aliases, a => Assert.Equal("a", a.Collection));
        }
        Assert.Equal(CollectionError.CollectionExists, Assert.Throws<CollectionException>(() => store.Create("x", RandomDocuments.Schema)).Error);
    }

    [Fact]
    public void Dropping_asks_about_aliases_first()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = Open(directory);
        store.Create("a", RandomDocuments.Schema);
        Switch(store, "a");
        Assert.Equal(CollectionError.AliasConflict, Assert.Throws<CollectionException>(() => store.Drop("a")).Error);
        Assert.Equal(CollectionError.CollectionUnknown, Assert.Throws<CollectionException>(() => store.Drop("x")).Error);
        Assert.NotNull(store.TryGet("x"));
        store.Drop("a", AliasPolicy.Remove);
        Assert.Empty(store.Aliases);
        Assert.Null(store.TryGet("x"));
        Assert.Empty(Directory.GetDirectories(directory.Path, "collection-*"));
    }

    private static void Switch(CollectionStore store, string target) =>
        store.SwitchAliases([new AliasSwitch("x", target), new AliasSwitch("y", target), new AliasSwitch("z", target)]);

    private static CollectionStore Open(TempDirectory directory) =>
        CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
}
