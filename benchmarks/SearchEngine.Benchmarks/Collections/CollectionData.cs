using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing.Vectors;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Generated documents: clustered vectors, a keyword, a number below that of the rows. Rows behind the last begin again with the vectors of the first.</summary>
internal sealed class CollectionData
{
    private const int QueryCount = 1000;

    /// <summary>Numbers are strewn over the rows, so that a range of them takes as much of each segment.</summary>
    private const long Stride = 7919;
    private static readonly string[] Colors = [.. Enumerable.Range(0, 100).Select(i => $"color-{i}")];

    private readonly EmbeddingGenerator _generator;
    private readonly Lazy<FloatMatrix> _documents;

    public CollectionData(int rows, int dimension)
    {
        EmbeddingRecipe named = EmbeddingRecipe.Named("emb768-200k")!;
        _generator = new EmbeddingGenerator(named with { Name = "collection", Count = rows, Dim = dimension, QueryCount = QueryCount });
        _documents = new Lazy<FloatMatrix>(_generator.Documents);
        Rows = rows;
        Dimension = dimension;
        Queries = _generator.Queries();
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

    public int Rows { get; }

    public int Dimension { get; }

    /// <summary>All of them, held from the first use on.</summary>
    public FloatMatrix Documents => _documents.Value;

    public FloatMatrix Queries { get; }

    public CollectionSchema Schema { get; }

    public ReadOnlyMemory<float> Query(int query) => Queries.Values.AsMemory(query % Queries.Count * Dimension, Dimension);

    public WriteOperation Put(int row) => Put(row, Documents.Values.AsMemory(row % Rows * Dimension, Dimension));

    /// <summary>Puts some documents into a collection, acknowledged in memory.</summary>
    public async Task WriteAsync(Collection collection, int first, int count, CancellationToken cancel)
    {
        const int Batch = 1_000;
        for (int at = first; at < first + count; at += Batch)
        {
            await collection.WriteAsync(
                [.. Enumerable.Range(at, Math.Min(Batch, first + count - at)).Select(Put)], new WriteOptions(AckLevel.Memory), cancel);
        }
    }

    /// <summary>Some documents, whose vectors are generated and held by nobody else.</summary>
    /// <param name="count">Not beyond the last row, unless the first is behind it.</param>
    public WriteOperation[] Generate(int first, int count)
    {
        FloatMatrix vectors = _generator.Documents(first % Rows, count);
        return [.. Enumerable.Range(0, count).Select(i => Put(first + i, vectors.Values.AsMemory(i * Dimension, Dimension)))];
    }

    private WriteOperation.Put Put(int row, ReadOnlyMemory<float> vector) => new(new Document
    {
        Id = (ulong)row,
        Vectors = new Dictionary<string, ReadOnlyMemory<float>> { [VectorSchema.DefaultName] = vector },
        Attributes = new Dictionary<string, AttributeValue>
        {
            ["color"] = AttributeValue.OfKeyword(Colors[row % Colors.Length]),
            ["number"] = AttributeValue.OfInteger(row * Stride % Rows),
        },
    });
}
