using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Tests.Faults;
using SearchEngine.Collections.Tests.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>A device that cannot read for a moment is no damage: what could not be read is there when it can be read again.</summary>
public sealed class ReadFaultTests
{
    private const int Flushed = 300;
    private const int Logged = 40;

    [Fact]
    public async Task A_read_that_fails_when_a_store_is_opened_is_typed_and_loses_nothing()
    {
        using var directory = new TempDirectory();
        using (CollectionStore store = CollectionStore.Open(directory.Path, static _ => StoreSample.Settings))
        {
            foreach (string name in new[] { "a", "b" })
            {
                await FillAsync(store.Create(name, TopicVectors.Schema));
            }
        }
        var sound = new UnreadableFileLayer(failAt: 0);
        Check(directory.Path, sound, "without a fault");
        int reads = sound.Reads;
        Assert.True(reads > 10, $"opening reads only {reads} times through the layer, this test tests little");
        for (int at = 1; at <= reads; at++)
        {
            using TempDirectory copy = Copy(directory.Path);
            var layer = new UnreadableFileLayer(at);
            try
            {
                using CollectionStore store = CollectionStore.Open(copy.Path, static _ => StoreSample.Settings, TimeProvider.System, layer);
                if (store.Damage.Count == 0)
                {
                    Assert.All(new[] { "a", "b" }, name => Assert.True(
                        store.Get(name).Damage.Count > 0 || store.Get(name).Count(Filter.All) == Flushed + Logged - 2,
                        $"read {at} of {reads} failed ({Path.GetRelativePath(copy.Path, layer.Failed)}): {name} lacks documents and says nothing"));
                }
            }
            catch (Exception failure) when (failure is CollectionException or IOException)
            {
            }
            Check(copy.Path, new UnreadableFileLayer(failAt: 0), $"after read {at} of {reads} failed ({Path.GetRelativePath(copy.Path, layer.Failed)})");
        }
    }

    private static async Task FillAsync(Collection collection)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        var vectors = new TopicVectors(7);
        await collection.WriteAsync([.. Enumerable.Range(0, Flushed).Select(i => new WriteOperation.Put(vectors.Document(i)))], cancel: cancel);
        await collection.FlushAsync(cancel);
        await collection.WriteAsync([.. Enumerable.Range(Flushed, Logged).Select(i => new WriteOperation.Put(vectors.Document(i)))], cancel: cancel);
        await collection.WriteAsync([new WriteOperation.Delete(new DocumentId(5UL)), new WriteOperation.Delete(new DocumentId(Flushed + 1UL))], cancel: cancel);
    }

    private static void Check(string directory, UnreadableFileLayer layer, string when)
    {
        using CollectionStore store = CollectionStore.Open(directory, static _ => StoreSample.Settings, TimeProvider.System, layer);
        Assert.True(store.Damage.Count == 0 && store.Names.Order(StringComparer.Ordinal).SequenceEqual(["a", "b"]), $"{when}: collections are {string.Join(' ', store.Names)}");
        foreach (string name in store.Names)
        {
            Collection collection = store.Get(name);
            Assert.True(collection.Damage.Count == 0, $"{when}: {name} reports {string.Join(' ', collection.Damage)}");
            long count = collection.Count(Filter.All);
            Assert.True(count == Flushed + Logged - 2, $"{when}: {name} has {count} documents");
        }
    }

    private static TempDirectory Copy(string directory)
    {
        var copy = new TempDirectory();
        foreach (string file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy.Path, Path.GetRelativePath(directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }
}
