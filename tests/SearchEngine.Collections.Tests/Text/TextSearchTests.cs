using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Text;
using SearchEngine.Collections.Writes;
using SearchEngine.Evaluation;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Text;

/// <summary>Searches by words against the reference, over several segments, mapped and live.</summary>
public sealed class TextSearchTests
{
    private const int PerPart = 700;
    private const double Tolerance = 1e-9;

    private static readonly CollectionSchema Schema = new()
    {
        Attributes = [new AttributeSchema { Name = "rank", Type = AttributeType.Integer }],
        Texts =
        [
            new TextSchema { Name = "title", Index = TextIndex.Bm25, Saturation = 0.9, LengthWeight = 0.4 },
            new TextSchema { Name = "note" },
            new TextSchema { Name = "body", Index = TextIndex.Bm25 },
        ],
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Hits_are_those_of_the_reference_before_and_after_deletes_merges_and_a_restart(int seed)
    {
        using var directory = new TempDirectory();
        var random = new Random(seed);
        var written = new List<Document>();
        using (CollectionStore store = Open(directory))
        {
            Collection collection = store.Create("texts", Schema);
            foreach (bool flush in new[] { true, true, false })
            {
                Document[] part = [.. Enumerable.Range(written.Count, PerPart).Select(i => DocumentOf(i, random))];
                await collection.WriteAsync([.. part.Select(static d => new WriteOperation.Put(d))], default, TestContext.Current.CancellationToken);
                written.AddRange(part);
                if (flush)
                {
                    await collection.FlushAsync(TestContext.Current.CancellationToken);
                }
            }
            Agrees(collection, written, written, random, $"seed {seed}, two segments and a live one");

            List<Document> alive = [.. written.Where(_ => random.Next(5) > 0)];
            await collection.WriteAsync(
                [.. written.Except(alive).Select(static d => new WriteOperation.Delete(d.Id))], default, TestContext.Current.CancellationToken);
            // Until they are merged away the deleted ones count in how rare words are.
            Agrees(collection, written, alive, random, $"seed {seed}, with deleted documents");
            await collection.OptimiseAsync(cancel: TestContext.Current.CancellationToken);
            Agrees(collection, alive, alive, random, $"seed {seed}, merged to one segment");
            written = alive;
        }
        using CollectionStore again = Open(directory);
        Agrees(again.Get("texts"), written, written, random, $"seed {seed}, opened again");
    }

    [Fact]
    public async Task Block_maxima_spare_most_documents_of_a_common_word()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = Open(directory);
        Collection collection = store.Create("texts", Schema);
        // Every document has the common word; the first ten have the rare one as well, and are short.
        Document[] documents = [.. Enumerable.Range(0, 8000).Select(i => new Document
        {
            Id = (ulong)i,
            Texts = new Dictionary<string, string> { ["body"] = i < 10 ? "common rare" : "common " + string.Join(' ', Enumerable.Repeat($"w{i}", 20)) },
        })];
        await collection.WriteAsync([.. documents.Select(static d => new WriteOperation.Put(d))], default, TestContext.Current.CancellationToken);
        await collection.FlushAsync(TestContext.Current.CancellationToken);
        SearchResult result = collection.SearchPostings(new TextSearchRequest { Query = "common rare", Count = 10 }).Result;
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => new DocumentId((ulong)i)), result.Hits.Select(static h => h.Id));
        Assert.True(result.Plan.Scored <= 128, $"{result.Plan.Scored} of 8000 documents were scored");
        Assert.Equal((Strategy.Postings, 8000L), (result.Plan.Strategy, result.Plan.Matches));
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_and_what_finds_nothing_is_empty()
    {
        using var directory = new TempDirectory();
        using CollectionStore store = Open(directory);
        Collection collection = store.Create("texts", Schema);
        Assert.Empty(collection.SearchPostings(new TextSearchRequest { Query = "nothing yet" }).Result.Hits);
        await collection.WriteAsync([new WriteOperation.Put(DocumentOf(1, new Random(1)))], default, TestContext.Current.CancellationToken);
        Assert.Empty(collection.SearchPostings(new TextSearchRequest { Query = " -!" }).Result.Hits);
        Assert.Empty(collection.SearchPostings(new TextSearchRequest { Query = "never" }).Result.Hits);
        (TextSearchRequest Request, CollectionError Error)[] refused =
        [
            (new() { Query = "a", Fields = new Dictionary<string, double> { ["none"] = 1 } }, CollectionError.AttributeUnknown),
            (new() { Query = "a", Fields = new Dictionary<string, double> { ["note"] = 1 } }, CollectionError.FieldInvalid),
            (new() { Query = "a", Fields = new Dictionary<string, double> { ["body"] = double.NaN } }, CollectionError.FieldInvalid),
            (new() { Query = "a", Count = 0 }, CollectionError.LimitExceeded),
            (new() { Query = "a", Offset = SearchRequest.MaxWindow }, CollectionError.Window),
            (new() { Query = string.Join(' ', Enumerable.Range(0, 257)) }, CollectionError.LimitExceeded),
        ];
        Assert.All(refused, r => Assert.Equal(r.Error, Assert.Throws<CollectionException>(() => collection.SearchPostings(r.Request)).Error));
    }

    private static void Agrees(Collection collection, List<Document> counted, List<Document> alive, Random random, string when)
    {
        HashSet<DocumentId> living = [.. alive.Select(static d => d.Id)];
        for (int i = 0; i < 40; i++)
        {
            Dictionary<string, double>? fields = random.Next(3) switch
            {
                0 => null,
                1 => new() { ["body"] = 1 },
                _ => new() { ["body"] = 0.5, ["title"] = 3 },
            };
            int below = random.Next(3) == 0 ? 1000 : random.Next(1, 1000);
            var request = new TextSearchRequest
            {
                Query = TextOf(random, random.Next(1, 6)),
                Fields = fields,
                Count = random.Next(1, 60),
                Offset = random.Next(3),
                Filter = below == 1000 ? Filter.All : new Filter { Must = [new Condition.Range("rank", Below: AttributeValue.OfInteger(below))] },
            };
            double[] scores = Reference(counted, request.Query, fields ?? new() { ["body"] = 1, ["title"] = 1 });
            (DocumentId Id, double Score)[] expected =
            [
                .. counted.Select((d, at) => (d.Id, Score: scores[at], Rank: d.Attributes["rank"].Integer))
                    .Where(d => d.Score > 0 && living.Contains(d.Id) && d.Rank < below)
                    .OrderByDescending(static d => d.Score).ThenBy(static d => d.Id)
                    .Skip(request.Offset).Take(request.Count).Select(static d => (d.Id, d.Score)),
            ];
            IReadOnlyList<Hit> hits = collection.SearchPostings(request).Result.Hits;
            string what = $"{when}, \"{request.Query}\", k {request.Count}, rank below {below}";
            Assert.True(expected.Length == hits.Count, $"{what}: {hits.Count} hits instead of {expected.Length}");
            Assert.Equal(hits.Count, hits.DistinctBy(static h => h.Id).Count());
            for (int h = 0; h < hits.Count; h++)
            {
                double score = scores[counted.FindIndex(d => d.Id == hits[h].Id)];
                Assert.True(Math.Abs(score - expected[h].Score) < Tolerance, $"{what}: hit {h} is worth {score}, the reference finds {expected[h].Score}");
                Assert.True(Math.Abs(score - hits[h].Score) < 1e-6 * Math.Max(1, score), $"{what}: hit {h} scores {hits[h].Score}, the reference {score}");
            }
        }
    }

    private static double[] Reference(List<Document> documents, string query, Dictionary<string, double> fields)
    {
        var sums = new double[documents.Count];
        foreach ((string field, double weight) in fields)
        {
            // Documents without the field are no documents of it.
            int[] having = [.. Enumerable.Range(0, documents.Count).Where(i => documents[i].Texts.ContainsKey(field))];
            TextSchema schema = Schema.Texts[Schema.TextAt(field)];
            var index = new Bm25Index(
                having.Select(i => Words.Of(documents[i].Texts[field])), new Bm25Options(schema.Saturation, schema.LengthWeight));
            double[] scores = index.Score(Words.Of(query));
            for (int i = 0; i < having.Length; i++)
            {
                sums[having[i]] += weight * scores[i];
            }
        }
        return sums;
    }

    private static Document DocumentOf(int id, Random random)
    {
        var texts = new Dictionary<string, string> { ["note"] = "never never" };
        if (random.Next(4) > 0)
        {
            texts["body"] = TextOf(random, random.Next(1, 120));
        }
        if (random.Next(4) > 0)
        {
            texts["title"] = TextOf(random, random.Next(1, 8));
        }
        return new Document
        {
            Id = (ulong)id,
            Texts = texts,
            Attributes = new Dictionary<string, AttributeValue> { ["rank"] = AttributeValue.OfInteger(random.Next(1000)) },
        };
    }

    // Few common words and many rare ones.
    private static string TextOf(Random random, int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => "w" + (int)(2000 * Math.Pow(random.NextDouble(), 4))));

    private static CollectionStore Open(TempDirectory directory) =>
        CollectionStore.Open(directory.Path, static _ => new CollectionSettings { DiskReserveBytes = 0 });
}
