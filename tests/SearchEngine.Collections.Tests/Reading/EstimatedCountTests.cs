using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Reading;

/// <summary>An estimate knows of deaths, in segments and in the live one, although the statistics it reads do not.</summary>
public sealed class EstimatedCountTests
{
    private const int Documents = 1_200;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dead_documents_are_taken_off_in_proportion(bool isFlushed)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create("c", new CollectionSchema
        {
            Texts = [new TextSchema { Name = "text" }],
            Attributes = [new AttributeSchema { Name = "kind", Type = AttributeType.Keyword }],
        });
        await collection.WriteAsync([.. Enumerable.Range(0, Documents).Select(static i => new WriteOperation.Put(new Document
        {
            Id = new DocumentId((ulong)i),
            Attributes = new Dictionary<string, AttributeValue> { ["kind"] = AttributeValue.OfKeyword(i % 2 == 0 ? "even" : "odd") },
        }))], cancel: cancel);
        if (isFlushed)
        {
            await collection.FlushAsync(cancel);
        }
        var even = new Filter { Must = [new Condition.EqualTo("kind", AttributeValue.OfKeyword("even"))] };
        Assert.Equal(Documents / 2, collection.EstimateCount(even));
        await collection.WriteAsync(
            [.. Enumerable.Range(0, 120).Select(static i => new WriteOperation.Delete(new DocumentId((ulong)i)))], cancel: cancel);
        long exact = collection.Count(even), estimated = collection.EstimateCount(even);
        Assert.Equal((540, 540), (exact, estimated));
        Assert.Equal(Documents - 120, collection.EstimateCount(Filter.All));
    }
}
