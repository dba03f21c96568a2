using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

public sealed class ChurnTests(ITestOutputHelper output)
{
    private const int Rows = 3000;
    private const int Cycles = 20;
    private const int Queries = 60;

    [Fact]
    public async Task Recall_after_churn_is_that_of_a_fresh_collection_and_every_document_finds_itself()
    {
        using var directory = new TempDirectory();
        var vectors = new TopicVectors(21);
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0, FlushRows = 400 });
        Collection churned = store.Create("churned", TopicVectors.Schema);
        var alive = new Dictionary<DocumentId, Document>();
        var random = new Random(21);
        await Add(churned, alive, vectors, 0, Rows);
        for (int cycle = 0; cycle < Cycles; cycle++)
        {
            DocumentId[] dead = [.. alive.Keys.OrderBy(_ => random.Next()).Take(Rows / 20)];
            await churned.WriteAsync([.. dead.Select(static id => new WriteOperation.Delete(id))], default, TestContext.Current.CancellationToken);
            Array.ForEach(dead, id => alive.Remove(id));
            await Add(churned, alive, vectors, Rows + cycle * (Rows / 20), Rows / 20);
            if (cycle % 5 == 4)
            {
                await churned.FlushAsync(TestContext.Current.CancellationToken);
            }
        }
        Collection fresh = store.Create("fresh", TopicVectors.Schema);
        await fresh.WriteAsync([.. alive.Values.Select(static d => new WriteOperation.Put(d))], default, TestContext.Current.CancellationToken);
        await fresh.FlushAsync(TestContext.Current.CancellationToken);
        float[][] queries = [.. Enumerable.Range(0, Queries).Select(_ => vectors.Query())];
        double before = Recall(fresh, alive, queries), after = Recall(churned, alive, queries);
        output.WriteLine($"recall {before:F3} fresh, {after:F3} after {Cycles} cycles in {churned.Describe().Segments} segments with {churned.Describe().DeadRows} dead rows");
        Assert.True(after >= before - 0.02, $"recall {after:F3} after churn, {before:F3} of a fresh collection");
        foreach (Document document in alive.Values)
        {
            var request = new SearchRequest { Query = document.Vectors[VectorSchema.DefaultName], Count = 1, Accuracy = Accuracy.OfBreadth(100) };
            Assert.True(churned.Search(request).Hits[0].Id == document.Id, $"document {document.Id} is not found by its own vector: no way leads to it in its graph");
        }
    }

    private static async Task Add(Collection collection, Dictionary<DocumentId, Document> alive, TopicVectors vectors, int from, int count)
    {
        Document[] part = [.. Enumerable.Range(from, count).Select(vectors.Document)];
        foreach (Document[] batch in part.Chunk(150))
        {
            await collection.WriteAsync([.. batch.Select(static d => new WriteOperation.Put(d))], default, TestContext.Current.CancellationToken);
        }
        foreach (Document document in part)
        {
            alive.Add(document.Id, document);
        }
    }

    private static double Recall(Collection collection, Dictionary<DocumentId, Document> alive, float[][] queries)
    {
        double found = 0;
        foreach (float[] query in queries)
        {
            HashSet<DocumentId> best = [.. TopicVectors.Best(alive.Values, query, 10).Select(static h => h.Id)];
            found += collection.Search(new SearchRequest { Query = query, Count = 10 }).Hits.Count(h => best.Contains(h.Id));
        }
        return found / (10 * queries.Length);
    }
}
