using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Search.Diversity;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Search;

/// <summary>Hits that differ, against a naive choice by the definition, in double precision.</summary>
public sealed class DiverseSearchTests : IAsyncLifetime
{
    private const int Rows = 800;
    private const double Tolerance = 1e-4;

    private readonly TempDirectory _directory = new();
    private readonly TopicVectors _vectors = new(71);
    private CollectionStore? _store;

    private Collection Target => _store!.Get("diverse");

    public async ValueTask InitializeAsync()
    {
        _store = CollectionStore.Open(_directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
        Collection collection = _store.Create("diverse", new CollectionSchema
        {
            Vectors =
            [
                new VectorSchema { Dimension = TopicVectors.Dimension },
                new VectorSchema { Name = "dot", Dimension = TopicVectors.Dimension, Metric = VectorMetric.Dot },
            ],
            Attributes = TopicVectors.Schema.Attributes,
            Texts = [new TextSchema { Name = "text", Index = TextIndex.Bm25 }],
        });
        var random = new Random(71);
        Document[] documents = [.. Enumerable.Range(0, Rows).Select(i =>
        {
            Document document = _vectors.Document(i);
            ReadOnlyMemory<float> own = document.Vectors[VectorSchema.DefaultName];
            return document with
            {
                Vectors = new Dictionary<string, ReadOnlyMemory<float>> { [VectorSchema.DefaultName] = own, ["dot"] = own },
                Texts = new Dictionary<string, string> { ["text"] = string.Join(' ', Enumerable.Range(0, 8).Select(_ => "w" + random.Next(30))) },
            };
        })];
        await collection.WriteAsync([.. documents[..500].Select(static d => new WriteOperation.Put(d))]);
        await collection.FlushAsync();
        await collection.WriteAsync([.. documents[500..].Select(static d => new WriteOperation.Put(d))]);
    }

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("cosine")]
    [InlineData("dot")]
    [InlineData("hybrid")]
    public void Every_hit_is_the_best_choice_after_those_before_it(string kind)
    {
        using PinnedView view = Target.Pin();
        var random = new Random(72);
        for (int i = 0; i < 15; i++)
        {
            int count = 1 + random.Next(20), offset = random.Next(4), candidates = count + offset + random.Next(80);
            float strength = (float)random.NextDouble();
            var vector = new SearchRequest { Query = _vectors.Query(), Accuracy = Accuracy.Exact, VectorName = kind == "dot" ? "dot" : null };
            QueryRequest request = kind == "hybrid"
                ? new HybridRequest { Parts = [new HybridPart.ByPostings(new TextSearchRequest { Query = $"w{i} w3" }), new HybridPart.ByVector(vector)] }
                : vector;
            Hit[] ranking = request is HybridRequest hybrid
                ? [.. Target.SearchHybrid(hybrid with { Count = candidates }).Result.Hits.Select(static h => new Hit(h.Id, (float)h.Score))]
                : [.. Target.Search(vector with { Count = candidates }).Hits];

            DiverseResult result = view.SearchDiverse(request with { Count = count, Offset = offset }, new Diversification(candidates, strength));

            string suspect = $"search {i} by {kind}: {count} behind {offset} of {candidates} candidates, strength {strength}";
            Assert.True(result.Result.IsComplete && result.Result.Hits.Count == count, suspect);
            Assert.Equal(result.Ranks.Select(r => (ranking[r - 1].Id, ranking[r - 1].Score)), result.Result.Hits.Select(static h => (h.Id, h.Score)));
            AssertIsGreedy(ranking, kind == "cosine", strength, offset, result.Ranks, suspect);
            if (result.Fused is { } fused)
            {
                Assert.Equal(result.Result.Hits.Select(static h => h.Id), fused.Hits.Select(static h => h.Id));
                Assert.All(fused.Hits, static h => Assert.Equal(h.Score, h.Parts.Sum(static p => p?.Contribution ?? 0), 6));
            }
        }
    }

    [Fact]
    public void Strength_0_is_the_plain_order_and_strength_1_spreads_over_the_topics()
    {
        using PinnedView view = Target.Pin();
        var request = new SearchRequest { Query = _vectors.Query(), Accuracy = Accuracy.Exact, Count = 12 };
        IReadOnlyList<Hit> plain = Target.Search(request).Hits;
        Assert.Equal(plain, view.SearchDiverse(request, new Diversification(60, 0)).Result.Hits);

        DiverseResult spread = view.SearchDiverse(request, new Diversification(Rows, 1));

        Assert.Equal(plain[0], spread.Result.Hits[0]);
        int Topics(IReadOnlyList<Hit> hits) => Target.Get([.. hits.Select(static h => h.Id)], DocumentParts.Content)
            .Select(static d => TopicVectors.NumberOf(d!, "topic")).Distinct().Count();
        Assert.True(Topics(spread.Result.Hits) >= 10, $"12 hits that should differ are of {Topics(spread.Result.Hits)} of 20 topics");
        Assert.True(Topics(plain) <= 4, "the plain hits differ already: this test shows nothing");
    }

    [Fact]
    public async Task What_cannot_be_diverse_is_refused_by_its_path_and_a_cancelled_choice_ends()
    {
        using PinnedView view = Target.Pin();
        var request = new SearchRequest { Query = _vectors.Query() };
        (QueryRequest, Diversification, CollectionError, string)[] refused =
        [
            (request, new Diversification(50, float.NaN), CollectionError.FieldInvalid, "diversity.strength"),
            (request, new Diversification(50, 1.5f), CollectionError.FieldInvalid, "diversity.strength"),
            (request, new Diversification(9), CollectionError.FieldInvalid, "diversity.candidates"),
            (request, new Diversification(10_001), CollectionError.LimitExceeded, "diversity.candidates"),
            (request with { Offset = 9_995 }, new Diversification(50), CollectionError.Window, "offset"),
            (new TextSearchRequest { Query = "w1" }, new Diversification(50), CollectionError.FieldInvalid, "diversity"),
            (new HybridRequest { Parts = [new HybridPart.ByPostings(new TextSearchRequest { Query = "w1" })] }, new Diversification(50), CollectionError.FieldInvalid, "diversity"),
        ];
        Assert.All(refused, r =>
        {
            CollectionException error = Assert.Throws<CollectionException>(() => view.SearchDiverse(r.Item1, r.Item2));
            Assert.Equal((r.Item3, r.Item4), (error.Error, error.Field));
        });
        using var over = new CancellationTokenSource();
        await over.CancelAsync();
        Assert.ThrowsAny<OperationCanceledException>(() => view.SearchDiverse(request, new Diversification(50), null, over.Token));
        Assert.False(
            view.SearchDiverse(request with { AllowPartial = true }, new Diversification(50), null, over.Token).Result.IsComplete,
            "a search that was cancelled from the start claims to be complete");
    }

    private void AssertIsGreedy(Hit[] ranking, bool isCosine, double strength, int offset, IReadOnlyList<int> ranks, string suspect)
    {
        double least = ranking.Min(static h => h.Score), range = ranking.Max(static h => h.Score) - least;
        double[] relevance = [.. ranking.Select(h => isCosine ? h.Score : range > 0 ? (h.Score - least) / range : 1)];
        float[][] rows = [.. Target.Get([.. ranking.Select(static h => h.Id)], DocumentParts.Content with { Vectors = [VectorSchema.DefaultName] })
            .Select(static d => d!.Vectors[VectorSchema.DefaultName].ToArray())];
        double Worth(int at, List<int> chosen) =>
            (1 - strength) * relevance[at] - strength * (chosen.Count == 0 ? 0 : chosen.Max(c => Cosine(rows[at], rows[c])));
        // What was skipped was chosen as well: it is chosen again, by the definition.
        List<int> before = [];
        while (before.Count < offset)
        {
            before.Add(Enumerable.Range(0, ranking.Length).Except(before).MaxBy(at => Worth(at, before)));
        }
        foreach (int rank in ranks)
        {
            double best = Enumerable.Range(0, ranking.Length).Except(before).Max(at => Worth(at, before));
            double own = Worth(rank - 1, before);
            Assert.True(own >= best - Tolerance, $"{suspect}: the hit of rank {rank} is worth {own}, another one {best}");
            Assert.DoesNotContain(rank - 1, before);
            before.Add(rank - 1);
        }
    }

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, ofA = 0, ofB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            ofA += (double)a[i] * a[i];
            ofB += (double)b[i] * b[i];
        }
        return dot / Math.Sqrt(ofA * ofB);
    }
}
