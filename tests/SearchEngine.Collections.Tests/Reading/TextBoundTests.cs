using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Reading;

/// <summary>What is read of texts, and of whose documents.</summary>
public sealed class TextBoundTests : IDisposable
{
    private const int Documents = 20;
    private const int TextLength = 100;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Texts_beyond_the_bound_are_not_read_and_everything_else_is()
    {
        using CollectionStore store = await FilledAsync();
        DocumentParts parts = DocumentParts.Content with { MaxTextLength = 450 };
        (SearchResult result, IReadOnlyList<Document> documents) =
            store.Get("docs").SearchPostings(new TextSearchRequest { Query = "word", Count = Documents }, parts, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(Documents, result.Hits.Count);
        Assert.Equal(result.Hits.Select(static h => h.Id), documents.Select(static d => d.Id));
        Assert.All(documents, static d => Assert.True(d.Attributes.ContainsKey("kind"), "an attribute was left out with the texts"));
        // The text that surpasses the bound is the last one.
        Assert.Equal(5, documents.TakeWhile(static d => d.Texts.Count == 1).Count());
        Assert.All(documents.Skip(5), static d => Assert.Empty(d.Texts));
        Assert.All(store.Get("docs").Get([.. documents.Select(static d => d.Id)], DocumentParts.Content), static d => Assert.Single(d!.Texts));
    }

    [Fact]
    public async Task Documents_that_are_not_visible_are_not_there_whatever_segment_holds_them()
    {
        using CollectionStore store = await FilledAsync();
        var visible = new Filter { Must = [new Condition.EqualTo("kind", AttributeValue.OfKeyword("k1"))] };
        DocumentId[] ids = [.. Enumerable.Range(0, Documents + 2).Append(1).Select(static i => new DocumentId((ulong)i))];
        Document?[] read = [.. store.Get("docs").Read(ids, DocumentParts.None, visible)];
        Assert.Equal(ids.Select(static id => id.Number < Documents && id.Number % 3 == 1 ? id : (DocumentId?)null), read.Select(static d => d?.Id));
    }

    // The first half in a file, the second in memory.
    private async Task<CollectionStore> FilledAsync()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        CollectionStore store = CollectionStore.Open(_directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create("docs", new CollectionSchema
        {
            Attributes = [new AttributeSchema { Name = "kind", Type = AttributeType.Keyword }],
            Texts = [new TextSchema { Name = "text", Index = TextIndex.Bm25 }],
        });
        Document[] documents = [.. Enumerable.Range(0, Documents).Select(static i => new Document
        {
            Id = new DocumentId((ulong)i),
            Attributes = new Dictionary<string, AttributeValue> { ["kind"] = AttributeValue.OfKeyword($"k{i % 3}") },
            Texts = new Dictionary<string, string> { ["text"] = "word ".PadRight(TextLength, 'x') },
        })];
        await collection.WriteAsync([.. documents[..10].Select(static d => new WriteOperation.Put(d))], cancel: cancel);
        await collection.FlushAsync(cancel);
        await collection.WriteAsync([.. documents[10..].Select(static d => new WriteOperation.Put(d))], cancel: cancel);
        return store;
    }
}
