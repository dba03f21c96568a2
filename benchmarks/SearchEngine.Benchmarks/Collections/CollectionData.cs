using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing.Vectors;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Generated documents: clustered vectors, a keyword, a number.</summary>
internal sealed class CollectionData
{
    private static readonly string[] Colors = [.. Enumerable.Range(0, 100).Select(i => $"color-{i}")];

    public CollectionData(int rows, int dimension)
    {
        EmbeddingRecipe named = EmbeddingRecipe.Named("emb768-200k")!;
        var generator = new EmbeddingGenerator(named with { Name = "collection", Count = rows, Dim = dimension, QueryCount = 1000 });
        Documents = generator.Documents();
        Queries = generator.Queries();
        Schema = new CollectionSchema
        {
            Vectors = [new VectorSchema { Dimension = dimension }],
            Attributes =
            [
                new AttributeSchema { Name = "color", Type = AttributeType.Keyword },
                new AttributeSchema { Name = "number", Type = AttributeType.Integer },
            ],
        };
    }

    public FloatMatrix Documents { get; }

    public FloatMatrix Queries { get; }

    public CollectionSchema Schema { get; }

    public int Dimension => Documents.Dim;

    public ReadOnlyMemory<float> Query(int query) => Queries.Values.AsMemory(query % Queries.Count * Dimension, Dimension);

    public WriteOperation Put(int row) => new WriteOperation.Put(new Document
    {
        Id = (ulong)row,
        Vectors = new Dictionary<string, ReadOnlyMemory<float>>
        {
            [VectorSchema.DefaultName] = Documents.Values.AsMemory((int)((long)row % Documents.Count) * Dimension, Dimension),
        },
        Attributes = new Dictionary<string, AttributeValue>
        {
            ["color"] = AttributeValue.OfKeyword(Colors[row % Colors.Length]),
            ["number"] = AttributeValue.OfInteger(row),
        },
    });
}
