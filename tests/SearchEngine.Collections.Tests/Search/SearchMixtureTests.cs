using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

/// <summary>Prefixes, oversampling, threshold, offset and filter together, over segments with dead rows and a live rest.</summary>
public sealed class SearchMixtureTests
{
    private const int Count = 10;
    private const int RankOfThreshold = 13;
    private const float Tolerance = 2e-3f;
    private const double RecallFloor = 0.9;

    private readonly TopicVectors _vectors = new(71);

    [Fact]
    public async Task Every_mixture_gives_all_hits_that_it_may_with_the_scores_of_its_prefix()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection target = store.Create("c", TopicVectors.Schema);
        Document[] alive = await Fill(target);
        var recall = new Dictionary<bool, (int Found, int Possible)>();
        foreach (int below in new[] { TopicVectors.Ranks, 500, 20 })
        {
            Document[] matching = [.. alive.Where(d => TopicVectors.NumberOf(d, "rank") < below)];
            foreach (SearchRequest request in Requests(below))
            {
                string when = $"rank below {below}, {request}";
                (DocumentId Id, double Score)[] ranked = TopicVectors.Best(
                    matching, request.Query.ToArray(), matching.Length, request.RescoreDimension ?? TopicVectors.Dimension);
                foreach (float? threshold in new float?[] { null, (float)ranked[RankOfThreshold].Score })
                {
                    (int found, int possible) = Check(target.Search(request with { MinScore = threshold }), request, threshold, ranked, when);
                    // Rescoring no more than is wanted keeps the order of codes of a prefix: nothing is promised of that.
                    bool isCareful = request.Oversampling != 1;
                    (int before, int beforeOf) = recall.GetValueOrDefault(isCareful);
                    recall[isCareful] = (before + found, beforeOf + possible);
                }
            }
        }
        Assert.True(recall[true].Found >= RecallFloor * recall[true].Possible, $"{recall[true]} of the best hits are found");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Equal_scores_are_in_the_order_of_ids_whatever_segments_the_documents_are_in(bool isFlushed)
    {
        using var directory = new TempDirectory();
        using CollectionStore store = CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection target = store.Create("c", TopicVectors.Schema);
        Document twin = _vectors.Document(9);
        await target.WriteAsync([.. Enumerable.Range(100, 300).Select(i => new WriteOperation.Put(_vectors.Document(i))), new WriteOperation.Put(twin)]);
        await target.FlushAsync(TestContext.Current.CancellationToken);
        await target.WriteAsync([new WriteOperation.Put(twin with { Id = 4 }), new WriteOperation.Put(_vectors.Document(50))], default, TestContext.Current.CancellationToken);
        if (isFlushed)
        {
            await target.FlushAsync(TestContext.Current.CancellationToken);
        }
        foreach (int count in new[] { 1, 2 })
        {
            var request = new SearchRequest { Query = twin.Vectors.Values.Single(), Count = count, Accuracy = Accuracy.Exact };
            Assert.Equal(((DocumentId[])[4, 9]).Take(count), target.Search(request).Hits.Select(static h => h.Id));
        }
    }

    private IEnumerable<SearchRequest> Requests(int below)
    {
        Filter filter = below == TopicVectors.Ranks
            ? Filter.All
            : new Filter { Must = [new Condition.Range("rank", Below: AttributeValue.OfInteger(below))] };
        return
            from accuracy in new[] { Accuracy.Exact, Accuracy.OfBreadth(300) }
            from walk in new int?[] { null, TopicVectors.Prefix }
            from rescore in new int?[] { null, TopicVectors.Prefix }
            from oversampling in new float?[] { null, 1, 8 }
            from offset in new[] { 0, 7 }
            select new SearchRequest
            {
                Query = _vectors.Query(),
                Count = Count,
                Filter = filter,
                Accuracy = accuracy,
                WalkDimension = walk,
                RescoreDimension = rescore,
                Oversampling = oversampling,
                Offset = offset,
            };
    }

    /// <returns>How many of the best hits are there, and how many could be.</returns>
    private static (int Found, int Possible) Check(
        SearchResult result, SearchRequest request, float? threshold, (DocumentId Id, double Score)[] ranked, string when)
    {
        var scores = ranked.ToDictionary(static r => r.Id, static r => r.Score);
        double least = threshold ?? double.NegativeInfinity;
        int surely = Wanted(ranked.Count(r => r.Score >= least + Tolerance)), perhaps = Wanted(ranked.Count(r => r.Score >= least - Tolerance));
        bool isPromised = request.Accuracy!.Value.IsExact || threshold is null;
        Assert.True(result.IsComplete, when);
        Assert.Equal(ranked.Length, result.Plan.Matches);
        Assert.True(
            result.Hits.Count <= perhaps && (!isPromised || result.Hits.Count >= surely),
            $"{when}, threshold {threshold}: {result.Hits.Count} hits, {surely} to {perhaps} of {ranked.Length} matches are possible ({result.Plan.Strategy})");
        Assert.Equal(result.Hits.Count, result.Hits.DistinctBy(static h => h.Id).Count());
        Assert.True(result.Hits.Zip(result.Hits.Skip(1)).All(static p => p.First.Score >= p.Second.Score), $"{when}: hits are not in order");
        Assert.All(result.Hits, hit =>
        {
            Assert.True(scores.TryGetValue(hit.Id, out double score), $"{when}: {hit.Id} does not match");
            Assert.True(Math.Abs(score - hit.Score) < Tolerance, $"{when}: {hit.Id} has score {hit.Score} instead of {score}");
            Assert.True(hit.Score >= least, $"{when}: {hit.Id} with {hit.Score} is below the threshold {threshold}");
        });
        int found = result.Hits.Where((hit, i) => hit.Score >= ranked[request.Offset + i].Score - Tolerance).Count();
        Assert.True(!request.Accuracy.Value.IsExact || found == result.Hits.Count, $"{when}: an exact search misses better hits");
        return (found, perhaps);

        int Wanted(int reaching) => Math.Clamp(reaching - request.Offset, 0, Count);
    }

    private async Task<Document[]> Fill(Collection target)
    {
        var alive = new Dictionary<DocumentId, Document>();
        foreach ((int from, int to) in new[] { (0, 1500), (1400, 2000), (1900, 2300) })
        {
            Document[] part = [.. Enumerable.Range(from, to - from).Select(_vectors.Document)];
            await target.WriteAsync([.. part.Select(static d => new WriteOperation.Put(d))]);
            if (to < 2300)
            {
                await target.FlushAsync();
            }
            Array.ForEach(part, d => alive[d.Id] = d);
        }
        DocumentId[] dead = [.. alive.Keys.Where(static id => id.Number % 7 == 0)];
        await target.WriteAsync([.. dead.Select(static id => new WriteOperation.Delete(id))]);
        Array.ForEach(dead, id => alive.Remove(id));
        return [.. alive.Values];
    }
}
