using System.Text;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>What a collection says about what it found when it was opened.</summary>
public sealed class OpeningTests
{
    private const string Name = "c";
    private static readonly CollectionSchema OnlyText = new() { Texts = [new TextSchema { Name = "text" }] };

    [Fact]
    public async Task Files_that_are_not_its_own_are_left_alone_and_named()
    {
        using var directory = new TempDirectory();
        await Write(directory.Path, 1, "one");
        string[] unknown = ["notes.txt", "log/notes.txt", "segment-1/bodies"];
        string root = directory.File("collection-000001");
        foreach (string file in unknown)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
            await File.WriteAllTextAsync(Path.Combine(root, file), "mine", TestContext.Current.CancellationToken);
        }
        using CollectionStore store = Open(directory.Path);
        Assert.Equal(["log/notes.txt", "notes.txt", "segment-1"], store.Get(Name).Describe().UnknownFiles.Order(StringComparer.Ordinal));
        Assert.Empty(store.Get(Name).Damage);
        Assert.Equal(1, store.Get(Name).Count(Filter.All));
        Assert.All(unknown, file => Assert.True(File.Exists(Path.Combine(root, file)), $"{file} was removed"));
    }

    [Fact]
    public async Task A_flipped_bit_amid_the_log_is_reported_and_stays_so_and_what_follows_is_read_and_written()
    {
        using var directory = new TempDirectory();
        string[] texts = ["first words", "second words", "third words", "fourth words"];
        for (int i = 0; i < texts.Length; i++)
        {
            await Write(directory.Path, (ulong)i, texts[i]);
        }
        string file = Assert.Single(Directory.GetFiles(directory.File("collection-000001/log"), "*.log"));
        byte[] log = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        StoreSample.Flip(file, log.AsSpan().IndexOf(Encoding.UTF8.GetBytes(texts[1])), 3);
        for (int opened = 1; opened <= 3; opened++)
        {
            using CollectionStore store = Open(directory.Path);
            Collection collection = store.Get(Name);
            Quarantined damage = Assert.Single(collection.Damage);
            Assert.Equal(1, damage.Documents);
            Assert.Contains("writes 2 to 2 may be lost", damage.Reason, StringComparison.Ordinal);
            Assert.Equal(
                opened == 1 ? [texts[0], null, texts[2], texts[3]] : [texts[0], "anew", texts[2], texts[3]],
                collection.Get([0, 1, 2, 3], DocumentParts.All).Select(static d => d?.Texts["text"]));
            Assert.NotEmpty(Directory.GetFiles(directory.File("collection-000001/quarantine")));
            WriteReport written = await collection.WriteAsync([Put(1, "anew")], default, TestContext.Current.CancellationToken);
            Assert.True(written.Sequence == (ulong)(texts.Length + opened), $"opened {opened} times: the write has sequence {written.Sequence}");
        }
    }

    [Fact]
    public async Task A_lost_log_is_reported_and_its_numbers_are_not_given_again()
    {
        using var directory = new TempDirectory();
        await Write(directory.Path, 0, "flushed");
        using (CollectionStore store = Open(directory.Path))
        {
            await store.Get(Name).FlushAsync(TestContext.Current.CancellationToken);
        }
        await Write(directory.Path, 1, "logged only");
        Directory.Delete(directory.File("collection-000001/log"), recursive: true);
        for (ulong opened = 1; opened <= 2; opened++)
        {
            using CollectionStore store = Open(directory.Path);
            Collection collection = store.Get(Name);
            Assert.NotEmpty(collection.Damage);
            Assert.Equal((long)opened, collection.DocumentCount);
            WriteReport written = await collection.WriteAsync([Put(2 * opened, "anew")], default, TestContext.Current.CancellationToken);
            Assert.True(written.Sequence > 1 + opened, $"opened {opened} times: the write has sequence {written.Sequence}, which a lost one may have had");
        }
    }

    [Fact]
    public async Task A_collection_whose_directory_is_gone_keeps_no_other_from_serving()
    {
        using var directory = new TempDirectory();
        await Write(directory.Path, 1, "one");
        using (CollectionStore store = Open(directory.Path))
        {
            store.Create("other", OnlyText);
        }
        Directory.Delete(directory.File("collection-000001"), recursive: true);
        using CollectionStore again = Open(directory.Path);
        Assert.Equal("collection-000001", Assert.Single(again.Damage).What);
        Assert.Equal(CollectionError.Quarantined, Assert.Throws<CollectionException>(() => again.Get(Name)).Error);
        Assert.Equal(0, again.Get("other").DocumentCount);
        again.Drop(Name);
        Assert.Equal(["other"], again.Names);
    }

    private static async Task Write(string directory, ulong id, string text)
    {
        using CollectionStore store = Open(directory);
        Collection collection = store.TryGet(Name) ?? store.Create(Name, OnlyText);
        await collection.WriteAsync([Put(id, text)], default, TestContext.Current.CancellationToken);
    }

    private static WriteOperation.Put Put(ulong id, string text) =>
        new(new Document { Id = id, Texts = new Dictionary<string, string> { ["text"] = text } });

    private static CollectionStore Open(string directory) =>
        CollectionStore.Open(directory, static _ => new CollectionSettings { DiskReserveBytes = 0 });
}
