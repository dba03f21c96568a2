using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

/// <summary>What a search takes from the heap is what it hands out, and little more: collections of garbage are what makes the slowest ones slow.</summary>
public sealed class SearchAllocationTests
{
    private const int Searches = 200;

    private static readonly CollectionSchema Schema = TopicVectors.Schema with
    {
        Texts = [new TextSchema { Name = "title", Index = TextIndex.Bm25 }],
        MultiVectors = [new MultiSchema { Name = "tokens", Dimension = 4 }],
    };

    // Measured on two segments and an empty live one (2026-11-26): 1,912, 5,584 and 2,496 bytes, ten hits each.
    [Theory]
    [InlineData("vector", 2_000)]
    [InlineData("words", 5_800)]
    [InlineData("tokens", 2_600)]
    public async Task A_search_takes_no_more_bytes_than_it_did(string kind, long ceiling)
    {
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create("frugal", Schema);
        var vectors = new TopicVectors(5);
        for (int part = 0; part < 2; part++)
        {
            await collection.WriteAsync([.. Enumerable.Range(1000 * part, 500).Select(i => new WriteOperation.Put(Document(vectors, i)))]);
            await collection.FlushAsync();
        }
        var byVector = new SearchRequest { Query = vectors.Query() };
        var byWords = new TextSearchRequest { Query = "fox" };
        var byTokens = new MultiSearchRequest { Query = new MultiVector(4, new float[] { 1, 0, 0, 0 }) };
        Func<SearchResult> search = kind switch
        {
            "vector" => () => collection.Search(byVector),
            "words" => () => collection.SearchPostings(byWords).Result,
            _ => () => collection.SearchMulti(byTokens).Result,
        };
        Assert.Equal(10, search().Hits.Count);

        long bytes = BytesOf(search);

        Assert.True(bytes <= ceiling, $"a search by {kind} takes {bytes} bytes from the heap, it did with {ceiling}: look at what its frame or its scoring makes anew");
    }

    private static Document Document(TopicVectors vectors, int number) => vectors.Document(number) with
    {
        Texts = new Dictionary<string, string> { ["title"] = $"fox {number % 7}" },
        MultiVectors = new Dictionary<string, MultiVector> { ["tokens"] = new(4, new float[] { 1, number, 0, 1 }) },
    };

    private static long BytesOf(Func<SearchResult> search)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Searches; i++)
        {
            search();
        }
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Searches;
    }
}
