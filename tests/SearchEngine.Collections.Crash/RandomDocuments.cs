using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections.Crash;

/// <summary>Documents, operations, filters and queries drawn from a seed, over few ids so that they meet again and again.</summary>
public sealed class RandomDocuments(int seed, int ids = 200)
{
    public const int Dimension = 16;

    /// <summary>The field whose words are searched.</summary>
    public const string Title = "title";

    /// <summary>The sparse vector that is searched.</summary>
    public const string Sparse = "sparse";

    /// <summary>Dimensions of sparse vectors: few, so that documents share them.</summary>
    public const int SparseDimensions = 12;

    private static readonly string[] Colors = ["red", "green", "blue", "grün", ""];

    private readonly Random _random = new(seed);

    /// <summary>Of these the titles are made, each a word by itself; the first ones are common.</summary>
    public static IReadOnlyList<string> Vocabulary { get; } = ["the", "search", "engine", "finds", "many", "words", "grün", "2026", "搜", "✓"];

    public static CollectionSchema Schema { get; } = new()
    {
        Vectors =
        [
            new VectorSchema { Dimension = Dimension },
            new VectorSchema { Name = "second", Dimension = 8, Metric = VectorMetric.Euclidean, IsRequired = false },
        ],
        MultiVectors =
        [
            new MultiSchema { Name = "tokens", Dimension = 6 },
            new MultiSchema { Name = "levels", Dimension = 40, Metric = VectorMetric.Dot, StoredType = StoredType.Int8 },
        ],
        Attributes =
        [
            new AttributeSchema { Name = "color", Type = AttributeType.Keyword },
            new AttributeSchema { Name = "size", Type = AttributeType.Integer },
            new AttributeSchema { Name = "weight", Type = AttributeType.Float },
            new AttributeSchema { Name = "sold", Type = AttributeType.Bool },
            new AttributeSchema { Name = "tags", Type = AttributeType.Keyword, IsArray = true },
            new AttributeSchema { Name = "place", Type = AttributeType.GeoPoint },
        ],
        Texts = [new TextSchema { Name = Title, Index = TextIndex.Bm25 }],
        SparseVectors = [new SparseSchema { Name = Sparse }],
    };

    public int Next(int below) => _random.Next(below);

    public DocumentId Id()
    {
        int number = _random.Next(ids);
        return number % 3 == 0 ? new DocumentId($"text-{number}") : new DocumentId((ulong)number);
    }

    public WriteOperation Operation(Func<DocumentId, ulong> versionOf)
    {
        int kind = _random.Next(100);
        DocumentId id = Id();
        // Half of the expected versions are right.
        ulong expected = versionOf(id) + (ulong)_random.Next(2);
        return kind switch
        {
            < 50 => new WriteOperation.Put(Document(id)),
            < 58 => new WriteOperation.Put(Document(id), WriteMode.InsertOnly),
            < 66 => new WriteOperation.Put(Document(id), WriteMode.UpdateOnly),
            < 72 => new WriteOperation.Put(Document(id), WriteMode.IfVersion, expected),
            < 84 => new WriteOperation.Patch(id, Attributes(withNulls: true), _random.Next(4) == 0 ? expected : null),
            < 95 => new WriteOperation.Delete(id),
            _ => new WriteOperation.Delete(id, expected),
        };
    }

    public Document Document(DocumentId id)
    {
        var vectors = new Dictionary<string, ReadOnlyMemory<float>> { [VectorSchema.DefaultName] = Vector(Dimension) };
        if (_random.Next(2) == 0)
        {
            vectors["second"] = Vector(8);
        }
        var texts = new Dictionary<string, string>();
        if (_random.Next(4) > 0)
        {
            texts[Title] = Words(_random.Next(1, 7));
        }
        var sparse = new Dictionary<string, SparseVector>();
        if (_random.Next(4) > 0)
        {
            sparse[Sparse] = Weights(_random.Next(1, 6));
        }
        var multis = new Dictionary<string, MultiVector>();
        foreach (MultiSchema multi in Schema.MultiVectors)
        {
            if (_random.Next(3) > 0)
            {
                multis[multi.Name] = Rows(multi, 1 + _random.Next(9));
            }
        }
        return new Document
        {
            Id = id,
            Vectors = vectors,
            MultiVectors = multis,
            Attributes = Attributes(withNulls: false),
            Texts = texts,
            SparseVectors = sparse,
        };
    }

    /// <summary>A sparse vector with weights of both signs, ascending; low dimensions are common.</summary>
    public SparseVector Weights(int count)
    {
        uint[] dimensions =
        [
            .. Enumerable.Range(0, count).Select(_ => (uint)Math.Min(_random.Next(SparseDimensions), _random.Next(SparseDimensions)))
                .Distinct().Order(),
        ];
        return new SparseVector(dimensions, Array.ConvertAll(dimensions, _ => (_random.Next(5) == 0 ? -1 : 1) * (0.25f + _random.Next(8))));
    }

    /// <summary>Some words, which may repeat.</summary>
    public string Words(int count) => string.Join(
        ' ', Enumerable.Range(0, count).Select(_ => Vocabulary[Math.Min(_random.Next(Vocabulary.Count), _random.Next(Vocabulary.Count))]));

    public float[] Vector(int dimension)
    {
        var vector = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            vector[i] = (float)(_random.NextDouble() * 2 - 1);
        }
        return vector;
    }

    /// <summary>Rows as a multi vector stores them: of any length, or whole numbers.</summary>
    public MultiVector Rows(MultiSchema multi, int rows)
    {
        float[] values = Vector(rows * multi.Dimension);
        if (multi.StoredType == StoredType.Int8)
        {
            values = Array.ConvertAll(values, static v => MathF.Round(20 * v));
        }
        return new MultiVector(multi.Dimension, values);
    }

    public Filter Filter() => _random.Next(6) switch
    {
        0 => SearchEngine.Collections.Filters.Filter.All,
        1 => Of(new Condition.EqualTo("color", Color())),
        2 => Of(new Condition.Range("size", AtLeast: AttributeValue.OfInteger(_random.Next(10)), Below: AttributeValue.OfInteger(10 + _random.Next(10)))),
        3 => new Filter { MustNot = [new Condition.EqualTo("sold", AttributeValue.OfBool(true))] },
        4 => new Filter { Should = [new Condition.EqualTo("tags", Color()), new Condition.Exists("place")] },
        _ => new Filter { Must = [new Condition.Exists("weight")], MustNot = [new Condition.EqualTo("color", Color())] },
    };

    private static Filter Of(Condition condition) => new() { Must = [condition] };

    private AttributeValue Color() => AttributeValue.OfKeyword(Colors[_random.Next(Colors.Length)]);

    private Dictionary<string, AttributeValue> Attributes(bool withNulls)
    {
        var attributes = new Dictionary<string, AttributeValue>();
        Add("color", Color());
        Add("size", AttributeValue.OfInteger(_random.Next(20)));
        Add("weight", AttributeValue.OfFloat(_random.NextDouble() * 100));
        Add("sold", AttributeValue.OfBool(_random.Next(2) == 0));
        Add("tags", AttributeValue.ArrayOf(AttributeType.Keyword, [.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => Color())]));
        Add("place", AttributeValue.OfPlace(new GeoPoint(_random.Next(-90, 91), _random.Next(-180, 181))));
        return attributes;

        void Add(string name, AttributeValue value)
        {
            switch (_random.Next(withNulls ? 4 : 3))
            {
                case 0:
                    break;
                case 3:
                    attributes[name] = AttributeValue.Null;
                    break;
                default:
                    attributes[name] = value;
                    break;
            }
        }
    }
}
