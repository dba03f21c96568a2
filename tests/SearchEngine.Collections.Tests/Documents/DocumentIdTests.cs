using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Documents;

public sealed class DocumentIdTests
{
    // No cases of a theory: a runner that carries them as text mends halves of characters.
    [Fact]
    public void What_is_empty_too_long_or_no_text_is_refused()
    {
        string[] texts =
            ["", new string('x', 257), new string('é', 129), new string('x', 254) + "中", "a\u0000", "a\n", "\u0085", "a\uD834", "\uDD1Eb"];
        foreach (string text in texts)
        {
            CollectionException refusal = Assert.Throws<CollectionException>(() => new DocumentId(text));
            Assert.Equal((CollectionError.FieldInvalid, "id"), (refusal.Error, refusal.Field));
        }
    }

    [Fact]
    public async Task The_longest_and_the_oddest_ids_are_found_in_log_live_segment_and_file()
    {
        DocumentId[] ids =
        [
            0UL, ulong.MaxValue, "0", new string('x', 256), new string('x', 255), new string('é', 128), new string('中', 85) + "x", " ", "a b/c",
            string.Concat(Enumerable.Repeat("𝄞", 64)), "é", "e\u0301",
        ];
        using var directory = new TempDirectory();
        using (CollectionStore store = Open(directory.Path))
        {
            Collection collection = store.Create("c", new CollectionSchema { Texts = [new TextSchema { Name = "text" }] });
            await collection.WriteAsync(
                [.. ids.Select(static (id, i) => new WriteOperation.Put(new Document { Id = id, Texts = new Dictionary<string, string> { ["text"] = $"{i}" } }))],
                default, TestContext.Current.CancellationToken);
            All(collection, ids);
        }
        using CollectionStore again = Open(directory.Path);
        All(again.Get("c"), ids);
        await again.Get("c").FlushAsync(TestContext.Current.CancellationToken);
        All(again.Get("c"), ids);
    }

    private static void All(Collection collection, DocumentId[] ids) =>
        Assert.Equal(ids.Select(static (id, i) => (id, $"{i}")), collection.Get(ids, DocumentParts.All).Select(static d => (d!.Id, d.Texts["text"])));

    private static CollectionStore Open(string directory) =>
        CollectionStore.Open(directory, static _ => new CollectionSettings { DiskReserveBytes = 0 });
}
