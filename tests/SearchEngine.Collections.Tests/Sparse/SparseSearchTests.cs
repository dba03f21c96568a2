using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Sparse;

/// <summary>Searches by sparse vectors against brute force in double, over several segments, mapped and live.</summary>
public sealed class SparseSearchTests
{
    private const int PerPart = 600;

    [Theory]
    [InlineData(1, WeightKind.Learned)]
    [InlineData(2, WeightKind.Signed)]
    [InlineData(3, WeightKind.Tied)]
    [InlineData(4, WeightKind.Cancelling)]
    public async Task Hits_are_those_of_brute_force_before_and_after_deletes_merges_and_a_restart(int seed, WeightKind kind)
    {
        using var directory = new TempDirectory();
        var sample = new SparseSample(seed, kind);
        List<Document> alive = [];
        using (CollectionStore store = Open(directory))
        {
            Collection collection = store.Create("sparse", SparseSample.Schema);
            foreach (bool flush in new[] { true, true, false })
            {
                Document[] part = [.. Enumerable.Range(alive.Count, PerPart).Select(sample.Document)];
                await Write(collection, part.Select(static d => new WriteOperation.Put(d)));
                alive.AddRange(part);
                if (flush)
                {
                    await collection.FlushAsync(TestContext.Current.CancellationToken);
                }
            }
            Agrees(collection, alive, sample, $"seed {seed}, two segments and a live one");

            List<Document> kept = [.. alive.Where(_ => sample.Random.Next(5) > 0)];
            await Write(collection, alive.Except(kept).Select(static d => new WriteOperation.Delete(d.Id)));
            // Some of the kept are written anew: their old weights must be gone.
            kept = [.. kept.Select((d, at) => at % 7 == 0 ? sample.Document((int)d.Id.Number) : d)];
            await Write(collection, kept.Where((_, at) => at % 7 == 0).Select(static d => new WriteOperation.Put(d)));
            Agrees(collection, kept, sample, $"seed {seed}, with deleted and replaced documents");
            await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
            Agrees(collection, kept, sample, $"seed {seed}, merged to one segment");
            alive = kept;
        }
        using CollectionStore again = Open(directory);
        Agrees(again.Get("sparse"), alive, sample, $"seed {seed}, opened again");
        Assert.Empty(again.Get("sparse").Scrub(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Partial_updates_leave_the_sparse_vector_as_it_was_and_reading_gives_it_back()
    {
        using var directory = new TempDirectory();
        var sample = new SparseSample(5, WeightKind.Signed);
        Document document = sample.Document(1);
        Dictionary<string, AttributeValue> change = new() { ["rank"] = AttributeValue.OfInteger(7) };
        using (CollectionStore store = Open(directory))
        {
            Collection collection = store.Create("sparse", SparseSample.Schema);
            await Write(collection, [new WriteOperation.Put(document), new WriteOperation.Patch(1, change)]);
        }
        using CollectionStore again = Open(directory);
        Document read = again.Get("sparse").Get([1], DocumentParts.All)[0]!;
        Assert.Equal(document.SparseVectors.ToDictionary(static v => v.Key, static v => v.Value.Normal("")), read.SparseVectors.ToDictionary());
        Assert.Equal(7, read.Attributes["rank"].Integer);
        Document only = again.Get("sparse").Get([1], DocumentParts.None with { Vectors = [SparseSample.Second] })[0]!;
        Assert.Equal(document.SparseVectors.Keys.Where(static k => k == SparseSample.Second), only.SparseVectors.Keys);
        Assert.Empty(only.Attributes);
        Assert.Empty(again.Get("sparse").Get([1], DocumentParts.Content)[0]!.SparseVectors);
    }

    [Fact]
    public async Task Block_maxima_spare_most_documents_of_a_common_dimension()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = Open(directory);
        Collection collection = store.Create("sparse", SparseSample.Schema);
        await Write(collection, Enumerable.Range(0, 8000).Select(i => new WriteOperation.Put(
            SparseSample.Of(i, i < 10 ? new SparseVector(new uint[] { 1, 2 }, new float[] { 3, 3 }) : new SparseVector(new uint[] { 1 }, new float[] { 1 })))));
        await collection.FlushAsync(TestContext.Current.CancellationToken);
        var request = new SparseSearchRequest { Query = new SparseVector(new uint[] { 2, 1 }, new float[] { 1, 1 }), Count = 10 };
        SearchResult result = collection.SearchPostings(request).Result;
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => new DocumentId((ulong)i)), result.Hits.Select(static h => h.Id));
        Assert.All(result.Hits, static h => Assert.Equal(6, h.Score));
        Assert.True(result.Plan.Scored <= 256, $"{result.Plan.Scored} of 8000 documents were scored");
        Assert.Equal((Strategy.Postings, 8000L), (result.Plan.Strategy, result.Plan.Matches));
        using PinnedView view = collection.Pin();
        Assert.Equal(8010, view.CountPostings(request));
        Assert.Equal([new DimensionScore(1, 3), new DimensionScore(2, 3)], view.ScoreDimensions(request, 0));
        Assert.Equal([new DimensionScore(1, 1)], view.ScoreDimensions(request, 20));
        Assert.True(
            collection.Describe().Sizes.Any(static s => s.Component == "weights" && s.Disk > 0), "the weights are missing in the figures of the disk");
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_and_what_finds_nothing_is_empty()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = Open(directory);
        Collection collection = store.Create("sparse", SparseSample.Schema);
        SparseVector one = new(new uint[] { 1 }, new float[] { 1 });
        Assert.Empty(collection.SearchPostings(new SparseSearchRequest { Query = one }).Result.Hits);
        await Write(collection, [new WriteOperation.Put(SparseSample.Of(1, one))]);
        Assert.Empty(collection.SearchPostings(new SparseSearchRequest { Query = new SparseVector(new uint[] { 2 }, new float[] { 1 }) }).Result.Hits);
        Assert.Empty(collection.SearchPostings(new SparseSearchRequest { Query = one, VectorName = SparseSample.Second }).Result.Hits);
        (SparseSearchRequest Request, CollectionError Error, string Field)[] refused =
        [
            (new() { Query = one, VectorName = "none" }, CollectionError.VectorUnknown, "vector_name"),
            (new() { Query = one, Count = 0 }, CollectionError.LimitExceeded, "k"),
            (new() { Query = one, Offset = SearchRequest.MaxWindow }, CollectionError.Window, "offset"),
            (new() { Query = one, MinScore = float.NaN }, CollectionError.FieldInvalid, "min_score"),
            (new() { Query = new SparseVector(Array.Empty<uint>(), Array.Empty<float>()) }, CollectionError.VectorZero, "query"),
            (new() { Query = new SparseVector(new uint[] { 1, 1 }, new float[] { 1, 2 }) }, CollectionError.FieldInvalid, "query"),
            (new() { Query = new SparseVector(new uint[] { 1 }, new[] { float.NaN }) }, CollectionError.VectorNotFinite, "query"),
        ];
        Assert.All(refused, r =>
        {
            CollectionException refusal = Assert.Throws<CollectionException>(() => collection.SearchPostings(r.Request));
            Assert.Equal((r.Error, r.Field), (refusal.Error, refusal.Field));
        });
    }

    [Fact]
    public async Task Scores_beyond_a_float_are_the_greatest_floats_and_keep_their_order()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = Open(directory);
        Collection collection = store.Create("sparse", SparseSample.Schema);
        float[] weights = [float.MaxValue / 2, float.MaxValue, -float.MaxValue];
        await Write(collection, weights.Select((w, i) => new WriteOperation.Put(SparseSample.Of(i, new SparseVector(new uint[] { 9 }, new[] { w })))));
        IReadOnlyList<Hit> hits = collection.SearchPostings(
            new SparseSearchRequest { Query = new SparseVector(new uint[] { 9 }, new[] { float.MaxValue }) }).Result.Hits;
        Assert.Equal([new DocumentId(1), new DocumentId(0), new DocumentId(2)], hits.Select(static h => h.Id));
        Assert.Equal([float.MaxValue, float.MaxValue, float.MinValue], hits.Select(static h => h.Score));
    }

    [Fact]
    public void Schemas_refuse_a_name_twice_and_too_many_vectors()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = Open(directory);
        CollectionSchema twice = SparseSample.Schema with { Vectors = [new VectorSchema { Name = SparseSample.Second, Dimension = 4 }] };
        Assert.Equal("sparse_vectors[1].name", Assert.Throws<CollectionException>(() => store.Create("a", twice)).Field);
        CollectionSchema many = new() { SparseVectors = [.. Enumerable.Range(0, 17).Select(static i => new SparseSchema { Name = $"v{i}" })] };
        Assert.Equal(CollectionError.LimitExceeded, Assert.Throws<CollectionException>(() => store.Create("a", many)).Error);
        CollectionSchema required = new() { SparseVectors = [new SparseSchema { Name = "splade", IsRequired = true }] };
        Collection collection = store.Create("required", required);
        Assert.Equal(
            ("vectors.splade", CollectionError.FieldRequired),
            Refused(() => collection.WriteAsync([new WriteOperation.Put(new Document { Id = 1 })], default, TestContext.Current.CancellationToken)));
    }

    private static (string Field, CollectionError Error) Refused(Func<Task> write)
    {
        CollectionException refusal = Assert.Throws<CollectionException>(() => write().GetAwaiter().GetResult());
        return (refusal.Field, refusal.Error);
    }

    private static void Agrees(Collection collection, IReadOnlyList<Document> alive, SparseSample sample, string when)
    {
        for (int i = 0; i < 60; i++)
        {
            SparseSearchRequest request = sample.Request();
            (DocumentId Id, double Score)[] expected = [.. SparseOracle.Ranked(alive, request).Skip(request.Offset).Take(request.Count)];
            if (request.MinScore is float least)
            {
                expected = [.. expected.Where(h => (float)h.Score >= least)];
            }
            IReadOnlyList<Hit> hits = collection.SearchPostings(request).Result.Hits;
            string what = $"{when}, query {i}: k {request.Count} behind {request.Offset}, {request.Query.Count} dimensions of {request.VectorName}";
            Assert.True(
                expected.Select(static h => (h.Id, (float)h.Score)).SequenceEqual(hits.Select(static h => (h.Id, h.Score))),
                $"{what}: {string.Join(' ', hits)} instead of {string.Join(' ', expected)}; suspect bounds of runs, or dead rows");
        }
    }

    private static Task Write(Collection collection, IEnumerable<WriteOperation> operations) => Task.WhenAll(
        operations.Chunk(1000).Select(batch => collection.WriteAsync(batch, default, TestContext.Current.CancellationToken)));

    private static CollectionStore Open(TempDirectory directory) =>
        CollectionStore.Open(directory.Path, _ => new CollectionSettings { DiskReserveBytes = 0 });
}
