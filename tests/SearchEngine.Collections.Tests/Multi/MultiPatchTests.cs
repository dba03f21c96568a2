using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Multi;

public sealed class MultiPatchTests
{
    /// <summary>As few as there may be; the rows of the document below are a quarter of it.</summary>
    private const long FlushBytes = 1 << 20;

    [Fact]
    public async Task Patches_of_large_documents_are_flushed_by_what_they_take_in_memory()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(
            directory.Path, static _ => new CollectionSettings { FlushLogBytes = FlushBytes, DiskReserveBytes = 0 });
        Collection collection = store.Create("patched", new CollectionSchema
        {
            MultiVectors = [new MultiSchema { Name = "tokens", Dimension = 128, Metric = VectorMetric.Dot }],
            Attributes = [new AttributeSchema { Name = "size", Type = AttributeType.Integer }],
        });
        DocumentId id = new(1UL);
        var rows = new MultiVector(128, Enumerable.Range(0, 128 * 1024).Select(static i => (float)(i % 17)).ToArray());
        await collection.WriteAsync(
            [new WriteOperation.Put(new Document { Id = id, MultiVectors = new Dictionary<string, MultiVector> { ["tokens"] = rows } })], cancel: cancel);
        for (int i = 0; i < 8; i++)
        {
            var size = new Dictionary<string, AttributeValue> { ["size"] = AttributeValue.OfInteger(i) };
            await collection.WriteAsync([new WriteOperation.Patch(id, size)], cancel: cancel);
        }
        CollectionStatistics now = collection.Describe();
        Assert.True(
            now.Segments > 1 || now.DurableSequence > 0,
            $"eight patches hold {9 * rows.Values.Length * sizeof(short)} bytes of rows in one live segment: memory would grow with every patch, however short the log");
        Document patched = collection.Get([id], DocumentParts.All)[0]!;
        Assert.Equal(AttributeValue.OfInteger(7), patched.Attributes["size"]);
        MultiOracle.Same(rows, patched.MultiVectors["tokens"], "after patches");
    }
}
