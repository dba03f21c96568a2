using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;
using SearchEngine.Evaluation;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

/// <summary>Fused rankings against the reference's, and what each query gave to every hit.</summary>
public sealed class HybridSearchTests : IAsyncLifetime
{
    private const int Rows = 900;
    private const double Tolerance = 1e-6;

    private readonly TempDirectory _directory = new();
    private readonly TopicVectors _vectors = new(61);
    private CollectionStore? _store;

    private Collection Target => _store!.Get("hybrid");

    public async ValueTask InitializeAsync()
    {
        _store = CollectionStore.Open(_directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = _store.Create(
            "hybrid", TopicVectors.Schema with { Texts = [new TextSchema { Name = "text", Index = TextIndex.Bm25 }] });
        var random = new Random(61);
        Document[] documents = [.. Enumerable.Range(0, Rows).Select(i => _vectors.Document(i) with
        {
            Texts = new Dictionary<string, string> { ["text"] = string.Join(' ', Enumerable.Range(0, 20).Select(_ => "w" + random.Next(60))) },
        })];
        await collection.WriteAsync([.. documents[..600].Select(static d => new WriteOperation.Put(d))]);
        await collection.FlushAsync();
        await collection.WriteAsync([.. documents[600..].Select(static d => new WriteOperation.Put(d))]);
    }

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(FusionKind.ReciprocalRank)]
    [InlineData(FusionKind.Convex)]
    public void Fused_scores_are_those_of_the_reference_and_the_sum_of_their_parts(FusionKind kind)
    {
        var filter = new Filter { Must = [new Condition.Range("rank", Below: AttributeValue.OfInteger(700))] };
        for (int i = 0; i < 10; i++)
        {
            var vector = new SearchRequest { Query = _vectors.Query(), Accuracy = Accuracy.Exact };
            var text = new TextSearchRequest { Query = $"w{i} w{i + 7} w{3 * i}" };
            var request = new HybridRequest
            {
                Parts = [new HybridPart.ByVector(vector) { Weight = 2, Depth = 50 }, new HybridPart.ByPostings(text) { Weight = 0.5 }],
                Fusion = kind,
                Count = 20,
                Filter = filter,
            };
            HybridResult result = Target.SearchHybrid(request, null, TestContext.Current.CancellationToken).Result;

            IReadOnlyList<ScoredDocument>[] rankings =
            [
                Ranking(Target.Search(vector with { Count = 50, Filter = filter })),
                Ranking(Target.SearchPostings(text with { Count = 100, Filter = filter }).Result),
            ];
            ScoredDocument[] expected = kind == FusionKind.Convex
                ? Fusion.ByScore(rankings, [2, 0.5], 20)
                : Fusion.ByRank(rankings, [2, 0.5], 20);
            Assert.Equal(expected.Length, result.Hits.Count);
            for (int h = 0; h < expected.Length; h++)
            {
                HybridHit hit = result.Hits[h];
                Assert.True(Math.Abs(expected[h].Score - hit.Score) < Tolerance, $"query {i}, hit {h} scores {hit.Score}, the reference {expected[h].Score}");
                Assert.Equal(hit.Score, hit.Parts.Sum(static p => p?.Contribution ?? 0), 12);
                for (int part = 0; part < 2; part++)
                {
                    int rank = rankings[part].ToList().FindIndex(d => d.Id == hit.Id.ToString());
                    Assert.Equal(rank, (hit.Parts[part]?.Rank ?? 0) - 1);
                }
            }
            Assert.True(result.IsComplete);
        }
    }

    [Fact]
    public void Pages_follow_each_other_documents_come_along_and_bad_requests_are_refused()
    {
        var request = new HybridRequest
        {
            Parts = [new HybridPart.ByVector(new SearchRequest { Query = _vectors.Query() }), new HybridPart.ByPostings(new TextSearchRequest { Query = "w1 w2" })],
            Count = 12,
        };
        DocumentId[] whole = [.. Target.SearchHybrid(request).Result.Hits.Select(static h => h.Id)];
        (HybridResult page, IReadOnlyList<Document> documents) = Target.SearchHybrid(request with { Offset = 5, Count = 7 }, DocumentParts.Content);
        Assert.Equal(whole[5..], page.Hits.Select(static h => h.Id));
        Assert.Equal(whole[5..], documents.Select(static d => d.Id));
        HybridRequest[] refused =
        [
            request with { Parts = [] },
            request with { Count = 0 },
            request with { RankConstant = double.NaN },
            request with { Parts = [request.Parts[0] with { Weight = 0 }] },
            request with { Parts = [request.Parts[0] with { Depth = 0 }] },
        ];
        Assert.All(refused, r => Assert.Throws<CollectionException>(() => Target.SearchHybrid(r)));
    }

    private static ScoredDocument[] Ranking(SearchResult result) => [.. result.Hits.Select(static h => new ScoredDocument(h.Id.ToString(), h.Score))];
}
