using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

/// <summary>Filtered and plain search over several segments against exact answers.</summary>
public sealed class SearchGridTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rows = 3000;
    private const float Tolerance = 2e-3f;
    private const double RecallFloor = 0.9;

    private readonly TempDirectory _directory = new();
    private readonly TopicVectors _vectors = new(11);
    private readonly Dictionary<DocumentId, Document> _alive = [];
    private CollectionStore? _store;

    private Collection Target => _store!.Get("grid");

    public async ValueTask InitializeAsync()
    {
        _store = CollectionStore.Open(_directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = _store.Create("grid", TopicVectors.Schema);
        // A large segment, a middling one, a small one, and a live rest.
        foreach ((int from, int to, bool flush) in new[] { (0, 1700, true), (1700, 2500, true), (2500, 2700, true), (2700, Rows, false) })
        {
            Document[] part = [.. Enumerable.Range(from, to - from).Select(_vectors.Document)];
            await collection.WriteAsync([.. part.Select(static d => new WriteOperation.Put(d))]);
            foreach (Document document in part)
            {
                _alive.Add(document.Id, document);
            }
            if (flush)
            {
                await collection.FlushAsync();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_cell_of_the_grid_has_all_hits_and_its_recall()
    {
        foreach (bool deleted in new[] { false, true })
        {
            if (deleted)
            {
                DocumentId[] dead = [.. _alive.Keys.Where(static id => id.Number % 5 == 0)];
                await Target.WriteAsync([.. dead.Select(static id => new WriteOperation.Delete(id))], default, TestContext.Current.CancellationToken);
                Array.ForEach(dead, id => _alive.Remove(id));
            }
            foreach ((string attribute, int below) in new[] { ("rank", 1), ("rank", 10), ("rank", 100), ("rank", 500), ("rank", 1000), ("topic", 1), ("topic", 4), ("topic", 10) })
            {
                foreach (int count in new[] { 1, 10, 100 })
                {
                    Cell(attribute, below, count, deleted);
                }
            }
        }
    }

    [Fact]
    public void Equivalent_predicates_give_identical_hits()
    {
        Condition low = Below("rank", 300), middle = Range("rank", 300, 600), high = Range("rank", 600, TopicVectors.Ranks);
        Filter[] same =
        [
            new() { Must = [Below("rank", 600)] },
            new() { Should = [low, middle] },
            new() { MustNot = [high] },
            new() { Must = [new Condition.Matches(new Filter { Should = [middle, low] })], MustNot = [new Condition.Matches(new Filter { Must = [high] })] },
            new() { Must = [Below("rank", 600), Below("rank", 900)] },
        ];
        for (int i = 0; i < 8; i++)
        {
            float[] query = _vectors.Query();
            Hit[][] hits = [.. same.Select(f => (Hit[])[.. Target.Search(new SearchRequest { Query = query, Count = 20, Filter = f }).Hits])];
            Assert.All(hits, h => Assert.Equal(hits[0], h));
        }
    }

    [Fact]
    public void Offset_threshold_and_prefixes_mean_what_they_say()
    {
        float[] query = _vectors.Query();
        var all = new SearchRequest { Query = query, Count = 30, Accuracy = Accuracy.Exact };
        IReadOnlyList<Hit> hits = Target.Search(all).Hits;
        Assert.Equal(hits.Skip(7).Take(5), Target.Search(all with { Offset = 7, Count = 5 }).Hits);
        Assert.Equal(hits.Take(12), Target.Search(all with { MinScore = hits[11].Score }).Hits);
        Assert.Empty(Target.Search(all with { MinScore = 1.01f }).Hits);

        SearchResult prefix = Target.Search(all with { WalkDimension = TopicVectors.Prefix, RescoreDimension = TopicVectors.Prefix });
        Assert.Equal(TopicVectors.Prefix, prefix.Plan.RescoreDimension);
        Same(TopicVectors.Best(_alive.Values, query, 30, TopicVectors.Prefix), prefix.Hits, "exact on a prefix");
        SearchResult walked = Target.Search(all with { Accuracy = Accuracy.OfBreadth(200), WalkDimension = TopicVectors.Prefix });
        Assert.Equal((TopicVectors.Prefix, TopicVectors.Dimension), (walked.Plan.WalkDimension, walked.Plan.RescoreDimension));

        SearchResult few = Target.Search(all with { Accuracy = Accuracy.OfBreadth(100), Count = 10, Oversampling = 1 });
        SearchResult many = Target.Search(all with { Accuracy = Accuracy.OfBreadth(100), Count = 10, Oversampling = 8 });
        Assert.True(many.Plan.Rescored > few.Plan.Rescored, $"oversampling 8 rescored {many.Plan.Rescored} rows, 1 rescored {few.Plan.Rescored}");
        SearchResult broad = Target.Search(all with { Accuracy = Accuracy.OfBreadth(400) }), narrow = Target.Search(all with { Accuracy = Accuracy.OfBreadth(30) });
        Assert.True(broad.Plan.Scored > narrow.Plan.Scored, $"breadth 400 scored {broad.Plan.Scored} rows, 30 scored {narrow.Plan.Scored}");
        Assert.Equal(RecallBasis.None, broad.Recall.Basis);
        Assert.Equal(new RecallEstimate(1, RecallBasis.Exact), prefix.Recall);
    }

    [Fact]
    public void A_search_that_ends_early_says_so_or_throws()
    {
        var request = new SearchRequest { Query = _vectors.Query(), Count = 10 };
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Target.Search(request, cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => Target.Search(request with { Accuracy = Accuracy.Exact }, cancelled.Token));
        SearchResult partial = Target.Search(request with { AllowPartial = true }, cancelled.Token);
        Assert.False(partial.IsComplete);
        Assert.Contains("cancelled", partial.IncompleteReason, StringComparison.Ordinal);
        SearchResult limited = Target.Search(request with { MaxScored = 50 });
        Assert.Contains("50 rows", limited.IncompleteReason, StringComparison.Ordinal);
        Assert.Equal(RecallBasis.None, limited.Recall.Basis);
        Assert.All(limited.Hits, h => Assert.True(_alive.ContainsKey(h.Id)));
        Assert.True(Target.Search(request with { MaxScored = 1_000_000, TimeBudget = SearchRequest.MaxTime }).IsComplete);
        Assert.Equal(CollectionError.FieldInvalid, Assert.Throws<CollectionException>(() => Target.Search(request with { TimeBudget = TimeSpan.Zero })).Error);
    }

    private void Cell(string attribute, int below, int count, bool deleted)
    {
        const int Queries = 6;
        string when = $"{attribute} below {below}, k {count}, {(deleted ? "with" : "without")} deletes";
        Document[] matching = [.. _alive.Values.Where(d => TopicVectors.NumberOf(d, attribute) < below)];
        var filter = new Filter { Must = [Below(attribute, below)] };
        int found = 0, possible = 0;
        Strategy strategy = default;
        for (int i = 0; i < Queries; i++)
        {
            float[] query = _vectors.Query();
            (DocumentId Id, double Score)[] best = TopicVectors.Best(matching, query, count);
            SearchResult result = Target.Search(new SearchRequest { Query = query, Count = count, Filter = filter });
            Assert.True(result.IsComplete, when);
            Assert.True(best.Length == result.Hits.Count, $"{when}: {result.Hits.Count} hits of {best.Length} possible ({result.Plan.Strategy})");
            Assert.Equal(result.Hits.Count, result.Hits.DistinctBy(static h => h.Id).Count());
            Assert.True(matching.Length == result.Plan.Matches, $"{when}: the plan counts {result.Plan.Matches} matches of {matching.Length}");
            Assert.Equal(Target.Describe().Segments, result.Plan.Segments);
            Same(best, Target.Search(new SearchRequest { Query = query, Count = count, Filter = filter, Accuracy = Accuracy.Exact }).Hits, when + ", exact");
            found += result.Hits.Count(h => best.Length > 0 && h.Score >= best[^1].Score - Tolerance);
            possible += best.Length;
            strategy = result.Plan.Strategy;
        }
        double recall = possible == 0 ? 1 : (double)found / possible;
        output.WriteLine($"{when}: recall {recall:F3}, {strategy}");
        Assert.True(recall >= RecallFloor, $"{when}: recall {recall:F3} by {strategy}; suspect the planner of filtered search");
    }

    private static void Same((DocumentId Id, double Score)[] best, IReadOnlyList<Hit> hits, string when)
    {
        Assert.True(best.Length == hits.Count, $"{when}: {hits.Count} hits instead of {best.Length}");
        for (int i = 0; i < best.Length; i++)
        {
            Assert.True(Math.Abs(best[i].Score - hits[i].Score) < Tolerance, $"{when}: hit {i} has score {hits[i].Score} instead of {best[i].Score}");
        }
    }

    private static Condition.Range Below(string attribute, long below) => new(attribute, Below: AttributeValue.OfInteger(below));

    private static Condition.Range Range(string attribute, long least, long below) =>
        new(attribute, AtLeast: AttributeValue.OfInteger(least), Below: AttributeValue.OfInteger(below));
}
