using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Reading;

/// <summary>An ordered scroll over several segments is a plain sort of the documents that are alive.</summary>
public sealed class OrderedScrollTests
{
    private const int Documents = 400;

    [Theory]
    [InlineData("number", false)]
    [InlineData("number", true)]
    [InlineData("word", false)]
    [InlineData("word", true)]
    public async Task Documents_of_many_segments_come_in_the_order_of_a_plain_sort(string attribute, bool isDescending)
    {
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create("ordered", new CollectionSchema
        {
            Texts = [new TextSchema { Name = "text" }],
            Attributes =
            [
                new AttributeSchema { Name = "number", Type = AttributeType.Integer },
                new AttributeSchema { Name = "word", Type = AttributeType.Keyword, Index = AttributeIndex.Sorted },
                new AttributeSchema { Name = "even", Type = AttributeType.Bool },
            ],
        });
        Dictionary<DocumentId, Document> alive = await Fill(collection, seed: 5);
        foreach (bool onlyEven in new[] { false, true })
        {
            Filter filter = onlyEven ? new Filter { Must = [new Condition.EqualTo("even", AttributeValue.OfBool(true))] } : Filter.All;
            var inSlices = new List<DocumentId>();
            for (int slice = 0; slice < 3; slice++)
            {
                var request = new ScrollRequest { OrderBy = attribute, IsDescending = isDescending, Filter = filter, Slice = slice, SliceCount = 3 };
                using Scroll scroll = collection.Scroll(request);
                IEnumerable<Document> matches = alive.Values
                    .Where(d => !onlyEven || d.Attributes["even"].Bool)
                    .Where(d => new Slice(slice, 3).Has(d.Id));
                DocumentId[] expected = Sorted(matches, attribute, isDescending);
                DocumentId[] found = [.. scroll.Read(7).Concat(scroll.Read(Documents)).Select(static d => d.Id)];
                inSlices.AddRange(found);
                Assert.True(expected.Length > 20, "too few documents to see an order");
                Assert.True(expected.SequenceEqual(found), $"slice {slice}, only even {onlyEven}: the order of the scroll is not that of a sort");
            }
            Assert.Equal(alive.Values.Where(d => !onlyEven || d.Attributes["even"].Bool).Select(static d => d.Id).Order(), inSlices.Order());
        }
        CollectionException refused = Assert.Throws<CollectionException>(() => collection.Scroll(new ScrollRequest { OrderBy = "even" }));
        Assert.Equal("order.attribute", refused.Field);
    }

    // Four segments and a live one; few distinct values, so that ties run over segments; replaced and deleted documents in each.
    private static async Task<Dictionary<DocumentId, Document>> Fill(Collection collection, int seed)
    {
        var random = new Random(seed);
        var alive = new Dictionary<DocumentId, Document>();
        for (int part = 0; part < 5; part++)
        {
            var batch = new List<WriteOperation>();
            for (int i = 0; i < Documents / 4; i++)
            {
                var id = new DocumentId((ulong)random.Next(Documents));
                if (random.Next(10) == 0)
                {
                    alive.Remove(id);
                    batch.Add(new WriteOperation.Delete(id));
                    continue;
                }
                alive[id] = DocumentOf(id, random);
                batch.Add(new WriteOperation.Put(alive[id]));
            }
            await collection.WriteAsync(batch, default, TestContext.Current.CancellationToken);
            if (part < 4)
            {
                await collection.FlushAsync(TestContext.Current.CancellationToken);
            }
        }
        return alive;
    }

    private static Document DocumentOf(DocumentId id, Random random)
    {
        var attributes = new Dictionary<string, AttributeValue> { ["even"] = AttributeValue.OfBool(random.Next(2) == 0) };
        if (random.Next(5) > 0)
        {
            attributes["number"] = AttributeValue.OfInteger(random.Next(-20, 20));
        }
        if (random.Next(5) > 0)
        {
            attributes["word"] = AttributeValue.OfKeyword("wörd " + random.Next(30));
        }
        return new Document { Id = id, Attributes = attributes };
    }

    private static DocumentId[] Sorted(IEnumerable<Document> documents, string attribute, bool isDescending)
    {
        Comparer<Document> order = Comparer<Document>.Create((a, b) => Compare(a.Attributes[attribute], b.Attributes[attribute]) * (isDescending ? -1 : 1));
        ILookup<bool, Document> byValue = documents.ToLookup(d => d.Attributes.ContainsKey(attribute));
        return [.. byValue[true].Order(order).ThenBy(static d => d.Id).Concat(byValue[false].OrderBy(static d => d.Id)).Select(static d => d.Id)];
    }

    private static int Compare(AttributeValue a, AttributeValue b) => a.Type == AttributeType.Keyword
        ? string.CompareOrdinal(a.Keyword, b.Keyword)
        : a.Integer.CompareTo(b.Integer);
}
