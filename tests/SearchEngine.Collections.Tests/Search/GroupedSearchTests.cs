using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Search.Groups;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

/// <summary>Grouped searches against an oracle: the whole ranking, grouped by hand.</summary>
public sealed class GroupedSearchTests : IDisposable
{
    private const int Rows = 1_500;

    private readonly TempDirectory _directory = new();
    private readonly CollectionStore _store;

    public GroupedSearchTests() =>
        _store = CollectionStore.Open(_directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 700)]
    [InlineData(3, 60)]
    public async Task Exact_groups_are_those_of_the_whole_exact_ranking(int seed, int values)
    {
        var vectors = new TopicVectors(seed);
        Dictionary<DocumentId, Document> documents = await FillAsync(vectors, seed, values);
        var random = new Random(seed);
        using PinnedView view = _store.Get("groups").Pin();
        for (int i = 0; i < 40; i++)
        {
            string attribute = i % 2 == 0 ? "source" : "number";
            var grouping = new HitGrouping(attribute, 1 + random.Next(5));
            (int count, int offset) = (1 + random.Next(30), random.Next(3) * random.Next(6));
            var filter = i % 3 == 0 ? new Filter { Must = [new Condition.Range("rank", Below: AttributeValue.OfInteger(random.Next(20, 900)))] } : Filter.All;
            QueryRequest whole = i % 5 == 4
                ? new TextSearchRequest { Query = $"w{random.Next(9)} w{random.Next(9)}", Filter = filter, Count = Rows }
                : new SearchRequest
                {
                    Query = vectors.Query(),
                    Accuracy = Accuracy.Exact,
                    Filter = filter,
                    Count = Rows,
                    MinScore = i % 4 == 3 ? 0.1f : null,
                };
            IReadOnlyList<Hit> ranking = Ranking(whole);
            (AttributeValue, Hit[])[] expected = Grouped(ranking, documents, grouping, offset, count);

            GroupedResult result = view.SearchGrouped(
                whole with { Count = count, Offset = offset }, grouping, null, TestContext.Current.CancellationToken);

            string suspect = $"seed {seed}, query {i}: {count} groups of {grouping.HitsPerGroup} by {attribute} behind {offset}";
            Assert.True(result.Result.IsComplete, suspect);
            Assert.True(expected.Length == result.Groups.Count, $"{suspect}: {result.Groups.Count} groups, the oracle has {expected.Length}");
            for (int g = 0; g < expected.Length; g++)
            {
                Assert.True(expected[g].Item1.Equals(result.Groups[g].Value), $"{suspect}: group {g} is {result.Groups[g].Value}, the oracle's {expected[g].Item1}");
                Assert.True(expected[g].Item2.SequenceEqual(result.Groups[g].Hits), $"{suspect}: the hits of group {g} are others than the oracle's");
            }
            Assert.Equal(result.Groups.SelectMany(static g => g.Hits), result.Result.Hits);
            Assert.Equal(_store.Get("groups").Count(filter), result.Result.Plan.Matches);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Groups_are_full_although_the_nearest_thousand_hits_share_one_value(bool isExact)
    {
        Collection collection = _store.Create("groups", Schema);
        var random = new Random(5);
        float[] query = Unit(random, 1);
        Document[] documents = [.. Enumerable.Range(0, 1_600).Select(i => new Document
        {
            Id = new DocumentId((ulong)i),
            Vectors = new Dictionary<string, ReadOnlyMemory<float>> { [VectorSchema.DefaultName] = i < 1_200 ? Near(query, random) : Unit(random, -0.2f) },
            Attributes = new Dictionary<string, AttributeValue> { ["source"] = AttributeValue.OfKeyword(i < 1_200 ? "one" : $"other {i % 40}") },
        })];
        await collection.WriteAsync([.. documents[..1_400].Select(static d => new WriteOperation.Put(d))]);
        await collection.FlushAsync();
        await collection.WriteAsync([.. documents[1_400..].Select(static d => new WriteOperation.Put(d))]);
        using PinnedView view = collection.Pin();
        var request = new SearchRequest { Query = query, Count = 12, Accuracy = isExact ? Accuracy.Exact : null };
        Assert.All(collection.Search(request with { Count = 1_000 }).Hits, static h => Assert.True(h.Id.Number < 1_200, "the planted points are not the nearest"));

        GroupedResult result = view.SearchGrouped(request, new HitGrouping("source", 3), null, TestContext.Current.CancellationToken);

        Assert.True(result.Result.IsComplete, result.Result.IncompleteReason);
        Assert.Equal(12, result.Groups.Count);
        Assert.All(result.Groups, static g => Assert.Equal(3, g.Hits.Count));
        Assert.Equal("one", result.Groups[0].Value.Keyword);
        Assert.True(result.Rounds > 1, "one round cannot have filled these groups");
        Assert.Equal(41, view.SearchGrouped(request with { Count = 100 }, new HitGrouping("source")).Groups.Count);
    }

    [Fact]
    public async Task Walks_fill_as_many_groups_as_matches_have()
    {
        var vectors = new TopicVectors(9);
        Dictionary<DocumentId, Document> documents = await FillAsync(vectors, 9, 50);
        using PinnedView view = _store.Get("groups").Pin();
        var random = new Random(9);
        for (int i = 0; i < 40; i++)
        {
            long below = random.Next(1, 1000);
            var filter = new Filter { Must = [new Condition.Range("rank", Below: AttributeValue.OfInteger(below))] };
            var request = new SearchRequest { Query = vectors.Query(), Count = 1 + random.Next(60), Filter = filter };
            GroupedResult result = view.SearchGrouped(request, new HitGrouping("source", 2));
            int[] sizes = [.. documents.Values.Where(d => TopicVectors.NumberOf(d, "rank") < below && d.Attributes.ContainsKey("source"))
                .GroupBy(static d => d.Attributes["source"]).Select(static g => Math.Min(2, g.Count()))];
            Assert.True(result.Result.IsComplete, result.Result.IncompleteReason);
            Assert.Equal(Math.Min(request.Count, sizes.Length), result.Groups.Count);
            if (request.Count >= sizes.Length)
            {
                Assert.Equal(sizes.Sum(), result.Result.Hits.Count);
            }
        }
    }

    [Fact]
    public async Task Groups_of_several_queries_are_those_of_the_ranking_that_fills_them()
    {
        var vectors = new TopicVectors(4);
        Dictionary<DocumentId, Document> documents = await FillAsync(vectors, 4, 30);
        using PinnedView view = _store.Get("groups").Pin();
        var request = new HybridRequest
        {
            Parts =
            [
                new HybridPart.ByVector(new SearchRequest { Query = vectors.Query(), Accuracy = Accuracy.Exact }) { Depth = 20 },
                new HybridPart.ByPostings(new TextSearchRequest { Query = "w1 w2" }) { Depth = 20 },
            ],
            Count = 10,
        };
        foreach (int perGroup in new[] { 1, 4, 40 })
        {
            GroupedResult result = view.SearchGrouped(request, new HitGrouping("source", perGroup));
            int depth = 20 * (int)Math.Pow(4, result.Rounds - 1);
            HybridRequest whole = request with
            {
                Parts = [.. request.Parts.Select(p => p with { Depth = depth })],
                Count = 2 * depth + 1,
                Filter = new Filter { Must = [new Condition.Exists("source")] },
            };
            HybridHit[] ranking = [.. _store.Get("groups").SearchHybrid(whole).Result.Hits];
            (AttributeValue, Hit[])[] expected = Grouped([.. ranking.Select(static h => new Hit(h.Id, (float)h.Score) { Row = h.Row })], documents, new HitGrouping("source", perGroup), 0, 10);
            Assert.Equal(expected.Select(static g => g.Item1), result.Groups.Select(static g => g.Value));
            Assert.Equal(expected.SelectMany(static g => g.Item2), result.Result.Hits);
            Assert.Equal(result.Result.Hits.Select(static h => h.Id), result.Fused!.Hits.Select(static h => h.Id));
            Assert.True(result.Result.IsComplete && (perGroup == 1 || result.Rounds > 1), $"{result.Rounds} rounds for groups of {perGroup}");
        }
    }

    [Fact]
    public async Task What_cannot_be_grouped_is_refused_by_its_path_and_a_cancelled_search_ends()
    {
        await FillAsync(new TopicVectors(3), 3, 20);
        using PinnedView view = _store.Get("groups").Pin();
        var request = new SearchRequest { Query = new TopicVectors(3).Query() };
        (HitGrouping, CollectionError, string)[] refused =
        [
            (new HitGrouping(""), CollectionError.FieldRequired, "grouping.attribute"),
            (new HitGrouping("nothing"), CollectionError.FilterField, "grouping.attribute"),
            (new HitGrouping("tags"), CollectionError.FilterType, "grouping.attribute"),
            (new HitGrouping("weight"), CollectionError.FilterType, "grouping.attribute"),
            (new HitGrouping("source", 0), CollectionError.LimitExceeded, "grouping.hits_per_group"),
            (new HitGrouping("source", 101), CollectionError.LimitExceeded, "grouping.hits_per_group"),
        ];
        Assert.All(refused, r =>
        {
            CollectionException error = Assert.Throws<CollectionException>(() => view.SearchGrouped(request, r.Item1));
            Assert.Equal((r.Item2, r.Item3), (error.Error, error.Field));
        });
        CollectionException window = Assert.Throws<CollectionException>(
            () => view.SearchGrouped(request with { Count = 500, Offset = 1 }, new HitGrouping("source", 20)));
        Assert.Equal((CollectionError.Window, "grouping.hits_per_group"), (window.Error, window.Field));
        using var over = new CancellationTokenSource();
        await over.CancelAsync();
        Assert.ThrowsAny<OperationCanceledException>(() => view.SearchGrouped(request, new HitGrouping("source"), null, over.Token));
        GroupedResult partial = view.SearchGrouped(request with { AllowPartial = true }, new HitGrouping("source"), null, over.Token);
        Assert.False(partial.Result.IsComplete, "a search that was cancelled from the start claims to be complete");
    }

    private static CollectionSchema Schema => TopicVectors.Schema with
    {
        Attributes =
        [
            .. TopicVectors.Schema.Attributes,
            new AttributeSchema { Name = "source", Type = AttributeType.Keyword },
            new AttributeSchema { Name = "number", Type = AttributeType.Integer },
            new AttributeSchema { Name = "weight", Type = AttributeType.Float },
            new AttributeSchema { Name = "tags", Type = AttributeType.Keyword, IsArray = true },
        ],
        Texts = [new TextSchema { Name = "text", Index = TextIndex.Bm25 }],
    };

    // Two segments and live rows; every ninth document has no value, every seventh was deleted, some were replaced.
    private async Task<Dictionary<DocumentId, Document>> FillAsync(TopicVectors vectors, int seed, int values)
    {
        Collection collection = _store.Create("groups", Schema);
        var random = new Random(seed);
        Document[] documents = [.. Enumerable.Range(0, Rows).Select(i =>
        {
            Document document = vectors.Document(i);
            var attributes = new Dictionary<string, AttributeValue>(document.Attributes);
            if (i % 9 != 0)
            {
                // Few values have most of the documents.
                int value = (int)(values * Math.Pow(random.NextDouble(), 3));
                (attributes["source"], attributes["number"]) = (AttributeValue.OfKeyword($"s{value}"), AttributeValue.OfInteger(value - 5));
            }
            return document with
            {
                Attributes = attributes,
                Texts = new Dictionary<string, string> { ["text"] = string.Join(' ', Enumerable.Range(0, 6).Select(_ => "w" + random.Next(40))) },
            };
        })];
        foreach (Range part in new[] { ..600, 600..1_200, 1_200..Rows, 100..160 })
        {
            await collection.WriteAsync([.. documents[part].Select(static d => new WriteOperation.Put(d))]);
            if (part.End.Value <= 1_200 && part.End.Value > 160)
            {
                await collection.FlushAsync();
            }
        }
        await collection.WriteAsync([.. documents.Where(static (_, i) => i % 7 == 0).Select(static d => new WriteOperation.Delete(d.Id))]);
        return documents.Where(static (_, i) => i % 7 != 0).ToDictionary(static d => d.Id);
    }

    private IReadOnlyList<Hit> Ranking(QueryRequest whole) => whole is TextSearchRequest words
        ? _store.Get("groups").SearchPostings(words).Result.Hits
        : _store.Get("groups").Search((SearchRequest)whole).Hits;

    private static (AttributeValue Value, Hit[] Hits)[] Grouped(
        IReadOnlyList<Hit> ranking, Dictionary<DocumentId, Document> documents, HitGrouping grouping, int offset, int count) =>
        [.. ranking.Where(h => documents[h.Id].Attributes.ContainsKey(grouping.Attribute))
            .GroupBy(h => documents[h.Id].Attributes[grouping.Attribute])
            .Skip(offset).Take(count)
            .Select(g => (g.Key, g.Take(grouping.HitsPerGroup).ToArray()))];

    private static float[] Unit(Random random, float first)
    {
        float[] values = [.. Enumerable.Range(0, TopicVectors.Dimension).Select(_ => (float)(random.NextDouble() - 0.5))];
        values[0] = 4 * first;
        return values;
    }

    private static float[] Near(float[] query, Random random) => [.. query.Select(v => v + 0.02f * (float)(random.NextDouble() - 0.5))];
}
