using SearchEngine.Collections.Crash;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Tests.Filters;
using SearchEngine.Collections.Tests.Multi;
using SearchEngine.Collections.Tests.Sparse;
using Xunit;

namespace SearchEngine.Collections.Tests.Model;

/// <summary>Holds a collection against its model, document by document and search by search.</summary>
internal static class ModelCheck
{
    private const float ScoreTolerance = 4e-3f;

    /// <summary>Of the vocabulary the one that is no word, a sign.</summary>
    private const string NoWord = "✓";

    public static void Whole(Collection collection, StoreModel model, string when)
    {
        using Scroll scroll = collection.Scroll(new ScrollRequest { Parts = DocumentParts.All });
        var seen = new HashSet<DocumentId>();
        while (!scroll.IsAtEnd)
        {
            foreach (Document document in scroll.Read(37))
            {
                Assert.True(seen.Add(document.Id), $"{when}: document {document.Id} came twice; suspect dead rows of a flush or merge");
                Assert.True(model.Documents.TryGetValue(document.Id, out Document? expected), $"{when}: document {document.Id} was deleted and is back; suspect tombstones");
                Same(expected, document, when);
            }
        }
        foreach (DocumentId id in model.Documents.Keys)
        {
            Assert.True(seen.Contains(id), $"{when}: document {id} was acknowledged and is lost");
        }
        Assert.Equal(model.Documents.Count, collection.Count(Filter.All));
        foreach (string word in RandomDocuments.Vocabulary)
        {
            Words(collection, model, word, Filter.All, when);
        }
        for (uint dimension = 0; dimension < RandomDocuments.SparseDimensions; dimension++)
        {
            Weights(collection, model, new SparseVector(new[] { dimension }, new[] { 1f }), Filter.All, when);
        }
    }

    /// <summary>The documents that share a dimension, by dot product, and no others.</summary>
    public static void Weights(Collection collection, StoreModel model, SparseVector query, Filter filter, string when)
    {
        var request = new SparseSearchRequest { VectorName = RandomDocuments.Sparse, Query = query, Filter = filter, Count = 1_000 };
        IReadOnlyList<Hit> hits = collection.SearchPostings(request).Result.Hits;
        Assert.True(
            SparseOracle.Ranked(model.Documents.Values, request).Select(static h => (h.Id, (float)h.Score))
                .SequenceEqual(hits.Select(static h => (h.Id, h.Score))),
            $"{when}: {query.Count} dimensions from {query.Dimensions.Span[0]} on find {string.Join(' ', hits)}; suspect dead rows or missing postings");
    }

    /// <summary>The documents with any of the words, and no others.</summary>
    public static void Words(Collection collection, StoreModel model, string query, Filter filter, string when)
    {
        string[] words = [.. query.Split(' ').Where(static w => w != NoWord)];
        var expected = model.Documents.Values
            .Where(d => d.Texts.TryGetValue(RandomDocuments.Title, out string? title) && title.Split(' ').Intersect(words).Any())
            .Where(d => FilterOracle.Matches(filter, d)).Select(static d => d.Id).ToHashSet();
        IReadOnlyList<Hit> hits = collection.SearchPostings(new TextSearchRequest { Query = query, Filter = filter, Count = 1_000 }).Result.Hits;
        var found = hits.Select(static h => h.Id).ToHashSet();
        Assert.True(found.Count == hits.Count, $"{when}: a document is found twice by \"{query}\"; suspect dead rows in the postings");
        Assert.True(
            found.SetEquals(expected),
            $"{when}: \"{query}\" does not find {string.Join(", ", expected.Except(found))} and finds {string.Join(", ", found.Except(expected))} without it");
        Assert.True(hits.Zip(hits.Skip(1)).All(static p => p.First.Score >= p.Second.Score), $"{when}: hits of \"{query}\" are not in order");
    }

    public static void Same(Document expected, Document actual, string when)
    {
        Assert.True(expected.Version == actual.Version, $"{when}: {actual.Id} has version {actual.Version} instead of {expected.Version}");
        Assert.True(
            expected.Texts.OrderBy(t => t.Key).SequenceEqual(actual.Texts.OrderBy(t => t.Key)), $"{when}: texts of {actual.Id} differ");
        Assert.True(
            expected.SparseVectors.OrderBy(v => v.Key).SequenceEqual(actual.SparseVectors.OrderBy(v => v.Key)),
            $"{when}: sparse vectors of {actual.Id} differ");
        Dictionary<string, AttributeValue> wanted = expected.Attributes.Where(a => !a.Value.IsNull).ToDictionary(a => a.Key, a => a.Value);
        Assert.True(
            wanted.OrderBy(a => a.Key).SequenceEqual(actual.Attributes.OrderBy(a => a.Key)),
            $"{when}: attributes of {actual.Id} are {Text(actual.Attributes)} instead of {Text(wanted)}");
        Assert.Equal(expected.Vectors.Keys.Order(), actual.Vectors.Keys.Order());
        Assert.True(
            expected.MultiVectors.Keys.Order().SequenceEqual(actual.MultiVectors.Keys.Order()), $"{when}: multi vectors of {actual.Id} are others");
        foreach ((string name, MultiVector rows) in expected.MultiVectors)
        {
            MultiOracle.Same(rows, actual.MultiVectors[name], $"{when}: multi vector {name} of {actual.Id}");
        }
        foreach ((string name, ReadOnlyMemory<float> vector) in expected.Vectors)
        {
            for (int i = 0; i < vector.Length; i++)
            {
                Assert.True(
                    Math.Abs(vector.Span[i] - actual.Vectors[name].Span[i]) < 3e-3f, $"{when}: element {i} of vector {name} of {actual.Id} differs");
            }
        }
    }

    public static void Search(Collection collection, StoreModel model, RandomDocuments random, string when)
    {
        Filter filter = random.Filter();
        bool second = random.Next(3) == 0;
        VectorSchema schema = RandomDocuments.Schema.Vectors[second ? 1 : 0];
        float[] query = random.Vector(schema.Dimension);
        int count = 1 + random.Next(20);
        SearchResult result = collection.Search(new SearchRequest
        {
            VectorName = schema.Name,
            Query = query,
            Count = count,
            Filter = filter,
            Accuracy = random.Next(2) == 0 ? Accuracy.Exact : Accuracy.OfBreadth(400),
        });
        Document[] matching = [.. model.Documents.Values
            .Where(d => FilterOracle.Matches(filter, d) && d.Vectors.ContainsKey(schema.Name))];
        var scores = matching.ToDictionary(d => d.Id, d => Score(schema, query, d.Vectors[schema.Name].Span));
        double[] best = [.. scores.Values.OrderDescending().Take(count)];
        Assert.True(
            best.Length == result.Hits.Count, $"{when}: {result.Hits.Count} hits of {count} wanted and {matching.Length} matching ({result.Plan.Strategy})");
        Assert.Equal(result.Hits.Count, result.Hits.Select(h => h.Id).Distinct().Count());
        for (int i = 0; i < best.Length; i++)
        {
            Hit hit = result.Hits[i];
            Assert.True(scores.TryGetValue(hit.Id, out double score), $"{when}: hit {hit.Id} does not match the filter or is dead ({result.Plan.Strategy})");
            double tolerance = ScoreTolerance * Math.Max(1, Math.Abs(score));
            Assert.True(Math.Abs(score - hit.Score) <= tolerance, $"{when}: hit {hit.Id} has score {hit.Score} instead of {score}");
            Assert.True(hit.Score >= best[i] - tolerance, $"{when}: hit {i} has score {hit.Score}, the true one {best[i]} ({result.Plan.Strategy})");
        }
        Assert.Equal(FilterOracleCount(model, filter), collection.Count(filter));
        Words(collection, model, random.Words(1 + random.Next(3)), filter, when);
        Weights(collection, model, random.Weights(1 + random.Next(4)), filter, when);
        Tokens(collection, model, random, filter, when);
    }

    // Late interaction over everything, and over the candidates of an exact search that leaves none out: the same.
    private static void Tokens(Collection collection, StoreModel model, RandomDocuments random, Filter filter, string when)
    {
        MultiSchema schema = RandomDocuments.Schema.MultiVectors[random.Next(2)];
        MultiVector query = random.Rows(schema, 1 + random.Next(6));
        int count = 1 + random.Next(20);
        var scores = model.Documents.Values.Where(d => FilterOracle.Matches(filter, d) && d.MultiVectors.ContainsKey(schema.Name))
            .ToDictionary(static d => d.Id, d => MultiOracle.Score(schema, query, d.MultiVectors[schema.Name]));
        var request = new MultiSearchRequest { VectorName = schema.Name, Query = query, Count = count, Filter = filter };
        MultiOracle.Check(schema, query, scores, collection.SearchMulti(request).Result.Hits, count, $"{when}, by all rows");
        SearchResult late = collection.Search(new SearchRequest
        {
            Query = random.Vector(RandomDocuments.Dimension),
            Count = count,
            Filter = filter,
            Accuracy = Accuracy.Exact,
            Late = new LateInteraction { VectorName = schema.Name, Query = query, Candidates = SearchRequest.MaxHits },
        });
        int scored = late.Late!.TakeWhile(static l => l.IsScored).Count();
        Assert.True(late.Late!.Skip(scored).All(static l => !l.IsScored), $"{when}: a candidate without rows stands before one with rows");
        MultiOracle.Check(schema, query, scores, [.. late.Hits.Take(scored)], count, $"{when}, by late interaction");
    }

    private static long FilterOracleCount(StoreModel model, Filter filter) =>
        model.Documents.Values.Count(d => FilterOracle.Matches(filter, d));

    private static double Score(VectorSchema schema, ReadOnlySpan<float> query, ReadOnlySpan<float> row)
    {
        double dot = 0, queryNorm = 0, rowNorm = 0, distance = 0;
        for (int i = 0; i < query.Length; i++)
        {
            dot += (double)query[i] * row[i];
            queryNorm += (double)query[i] * query[i];
            rowNorm += (double)row[i] * row[i];
            distance += ((double)query[i] - row[i]) * ((double)query[i] - row[i]);
        }
        return schema.Metric == VectorMetric.Euclidean ? -distance : dot / Math.Sqrt(queryNorm * rowNorm);
    }

    private static string Text(IReadOnlyDictionary<string, AttributeValue> attributes) =>
        "{" + string.Join(", ", attributes.OrderBy(a => a.Key).Select(a => $"{a.Key}: {a.Value}")) + "}";
}
