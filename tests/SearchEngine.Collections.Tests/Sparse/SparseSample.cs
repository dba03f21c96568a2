using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Search;

namespace SearchEngine.Collections.Tests.Sparse;

/// <summary>Documents and queries with sparse vectors, drawn from a seed: common and rare dimensions, one-dimension vectors, documents
/// without any.</summary>
internal sealed class SparseSample(int seed, WeightKind kind)
{
    public const string First = "splade";
    public const string Second = "rare";

    public static CollectionSchema Schema { get; } = new()
    {
        Attributes = [new AttributeSchema { Name = "rank", Type = AttributeType.Integer }],
        SparseVectors = [new SparseSchema { Name = First }, new SparseSchema { Name = Second }],
    };

    public Random Random { get; } = new(seed);

    public static Document Of(int number, SparseVector vector) =>
        new() { Id = (ulong)number, SparseVectors = new Dictionary<string, SparseVector> { [First] = vector } };

    public Document Document(int number)
    {
        var vectors = new Dictionary<string, SparseVector>();
        if (number % 11 > 0)
        {
            vectors[First] = Vector(Random.Next(5) == 0 ? 1 : Random.Next(1, 40));
        }
        if (number % 5 == 0)
        {
            vectors[Second] = Vector(1);
        }
        return new Document
        {
            Id = (ulong)number,
            SparseVectors = vectors,
            Attributes = new Dictionary<string, AttributeValue> { ["rank"] = AttributeValue.OfInteger(Random.Next(1000)) },
        };
    }

    public SparseSearchRequest Request()
    {
        int below = Random.Next(3) == 0 ? 1000 : Random.Next(1, 1000);
        return new SparseSearchRequest
        {
            VectorName = Random.Next(5) == 0 ? Second : First,
            Query = Vector(Random.Next(1, 30)),
            Count = Random.Next(1, 60),
            Offset = Random.Next(3),
            MinScore = Random.Next(4) == 0 ? Random.NextSingle() : null,
            Filter = below == 1000 ? Filter.All : new Filter { Must = [new Condition.Range("rank", Below: AttributeValue.OfInteger(below))] },
        };
    }

    // Low dimensions are common, as stop words are; the greatest is as rare as it is large.
    private SparseVector Vector(int count)
    {
        uint[] dimensions = [.. Enumerable.Range(0, count)
            .Select(_ => Random.Next(200) == 0 ? uint.MaxValue - (uint)Random.Next(3) : (uint)(300 * Math.Pow(Random.NextDouble(), 3)))
            .Distinct()];
        return new SparseVector(dimensions, Array.ConvertAll(dimensions, _ => Weight()));
    }

    private float Weight() => kind switch
    {
        WeightKind.Learned => (float)Math.Log(1 + 10 * Random.NextDouble()) + 0.01f,
        WeightKind.Signed => Random.NextSingle() - 0.4f + 1e-6f,
        WeightKind.Tied => Random.Next(1, 4),
        _ => (Random.Next(2) == 0 ? 1 : -1) * (float)Math.Pow(10, Random.Next(-8, 9)),
    };
}
