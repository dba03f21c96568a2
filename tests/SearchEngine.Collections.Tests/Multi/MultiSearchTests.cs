using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Multi;

/// <summary>Late interaction over live documents, segments and merges equals its definition, and what it cannot take is refused.</summary>
public sealed class MultiSearchTests : IDisposable
{
    private const string Name = "multi";
    private readonly TempDirectory _directory = new();
    private CollectionStore? _store;

    public static TheoryData<int, VectorMetric, StoredType, int> Forms { get; } = new()
    {
        { 1, VectorMetric.Cosine, StoredType.Float16, 128 },
        { 2, VectorMetric.Dot, StoredType.Float16, 33 },
        { 3, VectorMetric.Cosine, StoredType.Int8, 5 },
        { 4, VectorMetric.Dot, StoredType.Int8, 64 },
        { 5, VectorMetric.Cosine, StoredType.Float16, 1 },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store?.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Late_interaction_equals_brute_force_through_flushes_merges_deletes_and_restarts(
        int seed, VectorMetric metric, StoredType stored, int dimension)
    {
        var schema = new MultiSchema { Name = "t", Dimension = dimension, Metric = metric, StoredType = stored };
        Collection collection = Make(schema);
        var random = new Random(seed);
        var documents = new Dictionary<DocumentId, MultiVector>();
        for (int part = 0; part < 3; part++)
        {
            var batch = new List<WriteOperation>();
            for (int i = 0; i < 40; i++)
            {
                DocumentId id = new((ulong)random.Next(90));
                // One row, few, and now and then as many as there may be.
                MultiVector rows = Rows(random, schema, i == 7 ? MultiSchema.MaxRows : 1 + random.Next(i % 2 == 0 ? 1 : 12));
                documents[id] = rows;
                batch.Add(Put(id, rows));
            }
            DocumentId gone = documents.Keys.First();
            documents.Remove(gone);
            batch.Add(new WriteOperation.Delete(gone));
            await collection.WriteAsync(batch, cancel: Cancel);
            Check(collection, random, schema, documents, $"seed {seed}, part {part}, live");
            if (part < 2)
            {
                await collection.FlushAsync(Cancel);
                Check(collection, random, schema, documents, $"seed {seed}, part {part}, flushed");
            }
        }
        _store!.Dispose();
        collection = (_store = Open()).Get(Name);
        Check(collection, random, schema, documents, $"seed {seed}, after a restart");
        await collection.OptimiseAsync(cancel: Cancel);
        Check(collection, random, schema, documents, $"seed {seed}, merged");
        Assert.Empty(collection.Scrub(Cancel));
        Assert.True(collection.Describe().Sizes.Single(static s => s.Component == "multis.truth").Disk > documents.Values.Sum(static d => d.Values.Length));
    }

    [Fact]
    public async Task Equal_scores_are_in_order_of_their_ids_wherever_the_documents_are()
    {
        Collection collection = Make(new MultiSchema { Name = "t", Dimension = 4 });
        foreach (ulong id in (ulong[])[5, 1, 4])
        {
            await collection.WriteAsync([Put(id, new MultiVector(4, new float[] { 1, 0, 0, 0 }))], cancel: Cancel);
            await collection.FlushAsync(Cancel);
        }
        await collection.WriteAsync([Put(2, new MultiVector(4, new float[] { 9, 0, 0, 0 })), Put(3, new MultiVector(4, new float[] { 0, 1, 0, 0 }))], cancel: Cancel);
        SearchResult result = collection.SearchMulti(Request(new MultiVector(4, new float[] { 2, 0, 0, 0 })) with { Count = 3 }).Result;
        Assert.Equal([1UL, 2UL, 4UL], result.Hits.Select(static h => h.Id.Number));
        Assert.All(result.Hits, static h => Assert.Equal(1, h.Score, 1e-6f));
        Assert.Equal((Strategy.ExactScan, RecallBasis.Exact, 5L), (result.Plan.Strategy, result.Recall.Basis, result.Plan.Rescored));
        Assert.Equal([4UL, 5UL], collection.SearchMulti(Request(new MultiVector(4, new float[] { 2, 0, 0, 0 })) with { Offset = 2, MinScore = 0.5f }).Result.Hits.Select(static h => h.Id.Number));
    }

    [Fact]
    public async Task Late_interaction_orders_the_candidates_of_words_vectors_and_several_and_keeps_those_without_rows_behind()
    {
        Collection collection = Make(new MultiSchema { Name = "t", Dimension = 2 });
        await collection.WriteAsync(
            [
                Put(1, new MultiVector(2, new float[] { 1, 0 })), Put(2, new MultiVector(2, new float[] { 0, 1 })), Put(3, null),
                Put(4, new MultiVector(2, new float[] { 1, 1, 0, 1 })),
            ],
            cancel: Cancel);
        var late = new LateInteraction { Query = new MultiVector(2, new float[] { 0, 1, 1, 0 }), Candidates = 4 };
        var vector = new SearchRequest { Query = new float[] { 1, 0 }, Accuracy = Accuracy.Exact, Late = late };
        var words = new TextSearchRequest { Query = "word", Late = late };
        var hybrid = new HybridRequest
        {
            Parts = [new HybridPart.ByVector(vector), new HybridPart.ByPostings(words), new HybridPart.ByMulti(Request(late.Query))],
            Late = late,
        };
        (HybridResult fused, _) = collection.SearchHybrid(hybrid, cancel: Cancel);
        foreach (SearchResult result in new[] { collection.Search(vector, Cancel), collection.SearchPostings(words, cancel: Cancel).Result, fused.AsOne() })
        {
            // 4 has its best rows at 45 and 0 degrees: 1 + 0.707. Scores of 1 and 2 are equal: by id.
            Assert.Equal([4UL, 1UL, 2UL, 3UL], result.Hits.Select(static h => h.Id.Number));
            Assert.Equal([true, true, true, false], result.Late!.Select(static l => l.IsScored));
            Assert.Equal(1 + Math.Sqrt(0.5), result.Hits[0].Score, 1e-3);
            Assert.Equal(result.Late![3].FirstScore, result.Hits[3].Score);
            Assert.Equal([1, 2, 3, 4], result.Late!.Select(static l => l.FirstRank).Order());
        }
        Assert.Equal(fused.Hits.Select(static h => h.Id), fused.AsOne().Hits.Select(static h => h.Id));
        Assert.All(fused.Hits, static h => Assert.NotNull(h.Parts[0]));
        SearchResult cut = collection.Search(vector with { Count = 1, Offset = 1, Late = late with { Candidates = 1 } }, Cancel);
        Assert.True(cut.Hits is [{ Id.Number: 2 or 1 }], "candidates are raised to the hits asked for, those skipped included");
    }

    [Fact]
    public async Task A_cancelled_search_throws_or_keeps_the_unscored_behind_and_says_so()
    {
        Collection collection = Make(new MultiSchema { Name = "t", Dimension = 2 });
        await collection.WriteAsync([.. Enumerable.Range(1, 20).Select(i => Put((ulong)i, new MultiVector(2, new float[] { 1, i })))], cancel: Cancel);
        using var cancel = new CancellationTokenSource();
        MultiSearchRequest request = Request(new MultiVector(2, new float[] { 1, 0 }));
        await cancel.CancelAsync();
        Assert.ThrowsAny<OperationCanceledException>(() => collection.SearchMulti(request, cancel: cancel.Token));
        SearchResult partial = collection.SearchMulti(request with { AllowPartial = true }, cancel: cancel.Token).Result;
        Assert.False(partial.IsComplete);
        Assert.Equal(RecallBasis.None, partial.Recall.Basis);
    }

    public static TheoryData<string, CollectionError> Bad { get; } = new()
    {
        { "dimension", CollectionError.DimensionMismatch }, { "no rows", CollectionError.FieldRequired }, { "part of a row", CollectionError.FieldRequired },
        { "too many rows", CollectionError.LimitExceeded }, { "not finite", CollectionError.VectorNotFinite }, { "zero", CollectionError.VectorZero },
        { "range", CollectionError.VectorRange }, { "unknown", CollectionError.VectorUnknown },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task What_has_no_score_is_refused_as_document_and_as_query_and_changes_nothing(string what, CollectionError expected)
    {
        Collection collection = Make(new MultiSchema { Name = "t", Dimension = 2 });
        MultiVector rows = what switch
        {
            "dimension" => new MultiVector(3, new float[3]),
            "no rows" => new MultiVector(2, Array.Empty<float>()),
            "part of a row" => new MultiVector(2, new float[] { 1, 2, 3 }),
            "too many rows" => new MultiVector(2, Enumerable.Repeat(1f, 2 * (MultiSchema.MaxRows + 1)).ToArray()),
            "not finite" => new MultiVector(2, new[] { 1, 2, 3, float.NaN }),
            "zero" => new MultiVector(2, new float[] { 1, 2, 0, 0 }),
            "range" => new MultiVector(2, new[] { 1, 1e20f }),
            _ => new MultiVector(2, new float[] { 1, 2 }),
        };
        string name = what == "unknown" ? "other" : "t";
        var document = new Document { Id = 1UL, Vectors = Dense(), MultiVectors = new Dictionary<string, MultiVector> { [name] = rows } };
        var refused = await Assert.ThrowsAsync<CollectionException>(() => collection.WriteAsync([new WriteOperation.Put(document)], cancel: Cancel));
        Assert.Equal((expected, $"vectors.{name}"), (refused.Error, refused.Field));
        Assert.Equal(0, collection.DocumentCount);
        MultiSearchRequest request = Request(rows) with { VectorName = name };
        var query = Assert.Throws<CollectionException>(() => collection.SearchMulti(request, cancel: Cancel));
        Assert.Equal((expected, what == "unknown" ? "vector_name" : "multi"), (query.Error, query.Field));
    }

    [Theory]
    [InlineData(-129f)]
    [InlineData(0.5f)]
    public async Task Bytes_are_whole_numbers(float value)
    {
        Collection collection = Make(new MultiSchema { Name = "t", Dimension = 2, StoredType = StoredType.Int8 });
        var refused = await Assert.ThrowsAsync<CollectionException>(
            () => collection.WriteAsync([Put(1, new MultiVector(2, new[] { 1, value }))], cancel: Cancel));
        Assert.Equal(CollectionError.VectorRange, refused.Error);
    }

    [Fact]
    public void Schemas_that_could_not_be_served_are_refused()
    {
        Refused("multi_vectors[0].dimension", new MultiSchema { Name = "t", Dimension = MultiSchema.MaxDimension + 1 });
        Refused("multi_vectors[0].metric", new MultiSchema { Name = "t", Dimension = 2, Metric = VectorMetric.Euclidean });
        Refused("multi_vectors[0].stored_type", new MultiSchema { Name = "t", Dimension = 2, StoredType = StoredType.Float32 });
        Refused("multi_vectors[0].name", new MultiSchema { Name = VectorSchema.DefaultName, Dimension = 2 });

        void Refused(string field, MultiSchema schema) =>
            Assert.Equal(field, Assert.Throws<CollectionException>(() => Make(schema)).Field);
    }

    [Fact]
    public async Task A_required_multi_vector_is_asked_for_and_stays_when_attributes_change()
    {
        Collection collection = Make(new MultiSchema { Name = "t", Dimension = 2, IsRequired = true });
        var refused = await Assert.ThrowsAsync<CollectionException>(() => collection.WriteAsync([Put(1, null)], cancel: Cancel));
        Assert.Equal((CollectionError.FieldRequired, "vectors.t"), (refused.Error, refused.Field));
        var rows = new MultiVector(2, new float[] { 3, 4, 0, 1 });
        await collection.WriteAsync([Put(1, rows)], cancel: Cancel);
        await collection.WriteAsync(
            [new WriteOperation.Patch(1UL, new Dictionary<string, AttributeValue> { ["a"] = AttributeValue.OfInteger(7) })], cancel: Cancel);
        Document read = collection.Get([1UL], DocumentParts.All with { Vectors = ["t"] })[0]!;
        Assert.Equal((2UL, 7L), (read.Version, read.Attributes["a"].Integer));
        Assert.Empty(read.Vectors);
        MultiOracle.Same(rows, read.MultiVectors["t"], "after a patch");
        Assert.Equal([0, 1], Tokens(collection, "t", new MultiVector(2, new float[] { 1, 0, 0, 1 }), 1UL).Select(static m => m.DocumentRow));
        Assert.Empty(Tokens(collection, "t", rows, 2UL));
    }

    private static void Check(
        Collection collection, Random random, MultiSchema schema, Dictionary<DocumentId, MultiVector> documents, string when)
    {
        foreach (int queryRows in (int[])[1, 3, 32])
        {
            MultiVector query = Rows(random, schema, queryRows);
            var scores = documents.ToDictionary(static d => d.Key, d => MultiOracle.Score(schema, query, d.Value));
            MultiOracle.Check(schema, query, scores, collection.SearchMulti(Request(query) with { Count = 25 }).Result.Hits, 25, $"{when}, {queryRows} rows");
            DocumentId[] some = [.. documents.Keys.Where((_, i) => i % 3 == 0)];
            var filtered = Request(query) with { Count = 100, Filter = new Filter { Must = [new Condition.IdIn(some)] } };
            MultiOracle.Check(
                schema, query, some.ToDictionary(static s => s, s => scores[s]), collection.SearchMulti(filtered).Result.Hits, 100, $"{when}, filtered");
        }
        foreach (Document? document in collection.Get([.. documents.Keys], DocumentParts.All))
        {
            MultiOracle.Same(documents[document!.Id], document.MultiVectors["t"], $"{when}: {document.Id}");
        }
    }

    private static IReadOnlyList<TokenMatch> Tokens(Collection collection, string vector, MultiVector query, DocumentId id)
    {
        using PinnedView view = collection.Pin();
        return view.MatchTokens(vector, query, id);
    }

    private static MultiVector Rows(Random random, MultiSchema schema, int rows)
    {
        var values = new float[rows * schema.Dimension];
        foreach (ref float value in values.AsSpan())
        {
            value = schema.StoredType == StoredType.Int8 ? random.Next(1, 128) * (random.Next(2) * 2 - 1) : (float)(random.NextDouble() * 2 - 1);
        }
        return new MultiVector(schema.Dimension, values);
    }

    private static MultiSearchRequest Request(MultiVector query) => new() { Query = query };

    private static Dictionary<string, ReadOnlyMemory<float>> Dense() => new() { [VectorSchema.DefaultName] = new float[] { 1, 0 } };

    private static WriteOperation Put(DocumentId id, MultiVector? rows) => new WriteOperation.Put(new Document
    {
        Id = id,
        Vectors = Dense(),
        MultiVectors = rows is null ? new Dictionary<string, MultiVector>() : new Dictionary<string, MultiVector> { ["t"] = rows },
        Texts = new Dictionary<string, string> { ["text"] = "word" },
    });

    private CollectionStore Open() => CollectionStore.Open(_directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });

    private Collection Make(MultiSchema schema) => (_store ??= Open()).Create(Name, new CollectionSchema
    {
        Vectors = [new VectorSchema { Dimension = 2 }],
        MultiVectors = [schema],
        Attributes = [new AttributeSchema { Name = "a", Type = AttributeType.Integer }],
        Texts = [new TextSchema { Name = "text", Index = TextIndex.Bm25 }],
    });
}
