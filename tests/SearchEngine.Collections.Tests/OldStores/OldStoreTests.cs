using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Tests.Core;
using SearchEngine.Collections.Tests.Model;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.OldStores;

public sealed class OldStoreTests
{
    [Fact]
    public async Task A_store_of_an_older_version_opens_takes_writes_and_is_merged()
    {
        using TempDirectory root = OldStoreSample.Unpack();
        var expected = OldStoreSample.Living().ToList();
        using (CollectionStore store = CollectionStore.Open(root.Path, static _ => StoreSample.Settings))
        {
            Collection collection = store.Get(OldStoreSample.Collection);
            Holds(collection, expected, "opened");
            Assert.Empty(collection.Scrub(TestContext.Current.CancellationToken));
            Document next = OldStoreSample.Next(OldStoreSample.Written);
            expected.Add(next);
            await collection.WriteAsync([new WriteOperation.Put(next)], cancel: TestContext.Current.CancellationToken);
            await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
            Holds(collection, expected, "merged with newer segments");
        }
        using CollectionStore again = CollectionStore.Open(root.Path, static _ => StoreSample.Settings);
        Holds(again.Get(OldStoreSample.Collection), expected, "opened again");
    }

    [Fact]
    public void A_snapshot_of_an_older_version_is_listed_and_restored()
    {
        using TempDirectory root = OldStoreSample.Unpack();
        using CollectionStore store = CollectionStore.Open(root.Path, static _ => StoreSample.Settings);
        var snapshot = Assert.Single(store.Snapshots());
        Assert.Equal(OldStoreSample.Snapshot, snapshot.Name);
        Collection restored = store.Restore(
            "restored", snapshot.Directory, snapshot.ManifestSha256, cancel: TestContext.Current.CancellationToken);
        Holds(restored, OldStoreSample.OfSnapshot(), "restored");
    }

    private static void Holds(Collection collection, IReadOnlyList<Document> expected, string when)
    {
        Assert.Empty(collection.Damage);
        Assert.Equal(expected.Count, collection.Count(Filter.All));
        IReadOnlyList<Document?> found = collection.Get([.. expected.Select(static d => d.Id)], DocumentParts.All);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.True(found[i] is not null, $"{when}: {expected[i].Id} is lost; suspect the log or the ids of an older version");
            ModelCheck.Same(expected[i], found[i]!, when);
            IsFound(collection, expected[i], when);
        }
        var green = new Filter { Must = [new Condition.EqualTo("color", AttributeValue.OfKeyword("grün"))] };
        Assert.Equal(expected.Count(static d => d.Attributes["color"].Equals(AttributeValue.OfKeyword("grün"))), collection.Count(green));
    }

    private static void IsFound(Collection collection, Document document, string when)
    {
        foreach ((string name, ReadOnlyMemory<float> vector) in document.Vectors)
        {
            // Every 31st document has the same vector.
            SearchResult near = collection.Search(new SearchRequest { VectorName = name, Query = vector, Count = 3 }, TestContext.Current.CancellationToken);
            Assert.True(
                near.Hits.Any(h => h.Id.Equals(document.Id)),
                $"{when}: {document.Id} is not found by its vector \"{name}\"; suspect graphs or codes of an older version");
        }
        string word = document.Texts["title"].Split(' ')[1];
        IReadOnlyList<Hit> hits = collection.SearchPostings(new TextSearchRequest { Query = word, Count = 10 }, cancel: TestContext.Current.CancellationToken).Result.Hits;
        Assert.True(hits.Count == 1 && hits[0].Id.Equals(document.Id), $"{when}: {document.Id} is not found by \"{word}\"; suspect its postings");
    }
}
