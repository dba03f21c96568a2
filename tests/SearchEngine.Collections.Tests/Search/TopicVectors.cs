using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Tests.Search;

/// <summary>
/// Documents around topics, so that a graph has something to find, with one number that has nothing to do with the vector and one that
/// follows it; and exact answers, in double.
/// </summary>
internal sealed class TopicVectors(int seed)
{
    public const int Dimension = 64;
    public const int Prefix = 32;
    public const int Topics = 20;
    public const int Ranks = 1000;

    private readonly Random _random = new(seed);
    private readonly float[][] _topics = [.. Enumerable.Range(0, Topics).Select(t => Noise(new Random(seed * 1000 + t), 1f))];

    public static CollectionSchema Schema { get; } = new()
    {
        Vectors = [new VectorSchema { Dimension = Dimension, PrefixDimensions = [Prefix] }],
        Attributes =
        [
            new AttributeSchema { Name = "rank", Type = AttributeType.Integer },
            new AttributeSchema { Name = "topic", Type = AttributeType.Integer },
        ],
    };

    public Document Document(int number)
    {
        int topic = _random.Next(Topics);
        return new Document
        {
            Id = new DocumentId((ulong)number),
            Vectors = new Dictionary<string, ReadOnlyMemory<float>> { [VectorSchema.DefaultName] = Near(topic) },
            Attributes = new Dictionary<string, AttributeValue>
            {
                ["rank"] = AttributeValue.OfInteger(_random.Next(Ranks)),
                ["topic"] = AttributeValue.OfInteger(topic),
            },
        };
    }

    public float[] Query() => Near(_random.Next(Topics));

    /// <summary>The best documents, the best first.</summary>
    public static (DocumentId Id, double Score)[] Best(IEnumerable<Document> documents, float[] query, int count, int dimension = Dimension) =>
        [.. documents
            .Select(d => (d.Id, Score: Cosine(query, d.Vectors[VectorSchema.DefaultName].Span, dimension)))
            .OrderByDescending(static h => h.Score)
            .Take(count)];

    public static long NumberOf(Document document, string attribute) => document.Attributes[attribute].Integer;

    private float[] Near(int topic)
    {
        float[] vector = Noise(_random, 0.6f);
        for (int i = 0; i < Dimension; i++)
        {
            vector[i] += _topics[topic][i];
        }
        return vector;
    }

    private static float[] Noise(Random random, float width)
    {
        var vector = new float[Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            vector[i] = width * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
        }
        return vector;
    }

    private static double Cosine(float[] query, ReadOnlySpan<float> row, int dimension)
    {
        double dot = 0, queryNorm = 0, rowNorm = 0;
        for (int i = 0; i < dimension; i++)
        {
            dot += (double)query[i] * row[i];
            queryNorm += (double)query[i] * query[i];
            rowNorm += (double)row[i] * row[i];
        }
        return dot / Math.Sqrt(queryNorm * rowNorm);
    }
}
