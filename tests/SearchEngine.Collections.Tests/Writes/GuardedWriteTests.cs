using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Tests.Filters;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Writes;

/// <summary>Writes under a guard, against a dictionary and the meaning of filters by the contract alone.</summary>
public sealed class GuardedWriteTests
{
    private const int Ids = 60;
    private const int Rounds = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Guarded_writes_change_what_matches_and_leave_what_matches_and_nothing_else(int seed)
    {
        var filters = new RandomFilters(seed);
        var random = new Random(seed);
        CollectionSchema schema = filters.Schema() with { Vectors = [], Texts = [new TextSchema { Name = "text" }] };
        List<Document> pool = filters.Documents(schema, Ids);
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create("guarded", schema);
        var model = new Dictionary<DocumentId, Document>();
        Filter guard = Filter.All;
        for (int round = 0; round < Rounds; round++)
        {
            if (round % 25 == 0)
            {
                guard = filters.Filter(schema);
                await collection.FlushAsync(TestContext.Current.CancellationToken);
            }
            WriteOperation[] batch = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Operation(filters, random, schema, pool))];
            var options = new WriteOptions(Items: ItemPolicy.SkipItem, Guard: random.Next(3) == 0 ? null : guard);
            WriteReport report = await collection.WriteAsync(batch, options, TestContext.Current.CancellationToken);
            CollectionError?[] refused = new CollectionError?[batch.Length];
            foreach (RefusedOperation one in report.Refused)
            {
                refused[one.Index] = one.Reason.Error;
            }
            for (int i = 0; i < batch.Length; i++)
            {
                CollectionError? expected = Apply(model, batch[i], options.Guard ?? Filter.All);
                Assert.True(
                    expected == refused[i],
                    $"Seed {seed}, round {round}: {batch[i]} was answered {refused[i]?.ToString() ?? "done"}, expected {expected?.ToString() ?? "done"}, under {FilterChecks.Show(options.Guard ?? Filter.All)}.");
            }
            long matching = model.Values.Count(d => FilterOracle.Matches(guard, d));
            Assert.True(matching == collection.Count(guard), $"Seed {seed}, round {round}: {collection.Count(guard)} documents match, the model has {matching}.");
            Assert.Equal(model.Count, collection.DocumentCount);
        }
    }

    [Fact]
    public async Task Batch_that_may_not_write_one_document_writes_none()
    {
        var schema = new CollectionSchema { Attributes = [new AttributeSchema { Name = "tenant", Type = AttributeType.Keyword }], Texts = [new TextSchema { Name = "text" }] };
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create("guarded", schema);
        var guard = new Filter { Must = [new Condition.EqualTo("tenant", AttributeValue.OfKeyword("mine"))] };
        WriteOperation Put(ulong id, string tenant) => new WriteOperation.Put(
            new Document { Id = id, Attributes = new Dictionary<string, AttributeValue> { ["tenant"] = AttributeValue.OfKeyword(tenant) } });
        var refused = await Assert.ThrowsAsync<CollectionException>(
            () => collection.WriteAsync([Put(1, "mine"), Put(2, "yours")], new WriteOptions(Guard: guard), TestContext.Current.CancellationToken));
        Assert.Equal(CollectionError.Permission, refused.Error);
        Assert.Equal(1, Assert.Single(refused.Refused).Index);
        Assert.Equal(0, collection.DocumentCount);
    }

    [Fact]
    public async Task Update_by_filter_leaves_what_its_guard_hides_and_ends()
    {
        var schema = new CollectionSchema
        {
            Attributes = [new AttributeSchema { Name = "tenant", Type = AttributeType.Keyword }, new AttributeSchema { Name = "seen", Type = AttributeType.Bool }],
            Texts = [new TextSchema { Name = "text" }],
        };
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = store.Create("guarded", schema);
        WriteOperation Put(ulong id, string tenant) => new WriteOperation.Put(
            new Document { Id = id, Attributes = new Dictionary<string, AttributeValue> { ["tenant"] = AttributeValue.OfKeyword(tenant) } });
        await collection.WriteAsync([Put(1, "mine"), Put(2, "yours"), Put(3, "mine")], default, TestContext.Current.CancellationToken);
        var seen = new Dictionary<string, AttributeValue> { ["seen"] = AttributeValue.OfBool(true) };
        var guard = new Filter { Must = [new Condition.EqualTo("tenant", AttributeValue.OfKeyword("mine"))] };
        Assert.Equal(2, await collection.PatchAsync(Filter.All, seen, guard: guard, cancel: TestContext.Current.CancellationToken));
        Assert.Equal(2, collection.Count(new Filter { Must = [new Condition.EqualTo("seen", AttributeValue.OfBool(true))] }));
    }

    // What the model says an operation does; null for done, or for a delete of what is not there.
    private static CollectionError? Apply(Dictionary<DocumentId, Document> model, WriteOperation operation, Filter guard)
    {
        bool Seen(DocumentId id) => model.TryGetValue(id, out Document? known) && FilterOracle.Matches(guard, known);
        switch (operation)
        {
            case WriteOperation.Put put:
                if (model.ContainsKey(put.Document.Id) && !Seen(put.Document.Id))
                {
                    return CollectionError.Permission;
                }
                if (put.Mode == WriteMode.InsertOnly && model.ContainsKey(put.Document.Id))
                {
                    return CollectionError.PointExists;
                }
                if (put.Mode == WriteMode.UpdateOnly && !model.ContainsKey(put.Document.Id))
                {
                    return CollectionError.PointUnknown;
                }
                if (!FilterOracle.Matches(guard, put.Document))
                {
                    return CollectionError.Permission;
                }
                model[put.Document.Id] = put.Document;
                return null;
            case WriteOperation.Patch patch:
                if (!Seen(patch.Id))
                {
                    return CollectionError.PointUnknown;
                }
                Document after = model[patch.Id] with
                {
                    Attributes = model[patch.Id].Attributes.Where(a => !patch.Attributes.ContainsKey(a.Key)).Concat(patch.Attributes)
                        .ToDictionary(a => a.Key, a => a.Value),
                };
                if (!FilterOracle.Matches(guard, after))
                {
                    return CollectionError.Permission;
                }
                model[patch.Id] = after;
                return null;
            case WriteOperation.Delete delete:
                if (Seen(delete.Id))
                {
                    model.Remove(delete.Id);
                }
                return null;
            default:
                throw new ArgumentException($"{operation} is no operation of this test.", nameof(operation));
        }
    }

    private static WriteOperation Operation(RandomFilters filters, Random random, CollectionSchema schema, List<Document> pool)
    {
        DocumentId id = pool[random.Next(pool.Count)].Id;
        switch (random.Next(5))
        {
            case 0:
                return new WriteOperation.Delete(id);
            case 1:
                AttributeSchema attribute = schema.Attributes[random.Next(schema.Attributes.Count)];
                AttributeValue value = attribute.IsArray ? AttributeValue.ArrayOf(attribute.Type, [filters.Element(attribute.Type, 40)]) : filters.Element(attribute.Type, 40);
                return new WriteOperation.Patch(id, new Dictionary<string, AttributeValue> { [attribute.Name] = random.Next(4) == 0 ? AttributeValue.Null : value });
            default:
                Document other = pool[random.Next(pool.Count)];
                return new WriteOperation.Put(other with { Id = id }, (WriteMode)random.Next(3));
        }
    }
}
