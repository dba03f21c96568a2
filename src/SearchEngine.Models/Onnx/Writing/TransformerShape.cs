namespace SearchEngine.Models.Onnx.Writing;

/// <summary>The sizes of a BERT-shaped encoder.</summary>
public sealed record TransformerShape
{
    /// <summary>The sizes of all-MiniLM-L6: 22.7 million weights.</summary>
    public static readonly TransformerShape MiniLm = new();

    public int Vocabulary { get; init; } = 30_522;

    /// <summary>Longest text in tokens.</summary>
    public int Positions { get; init; } = 512;

    /// <summary>Segments that token_type_ids tells apart; 0 leaves that input out.</summary>
    public int Types { get; init; } = 2;

    public int Hidden { get; init; } = 384;

    public int Layers { get; init; } = 6;

    public int Heads { get; init; } = 12;

    /// <summary>Width of the feed-forward layers.</summary>
    public int Intermediate { get; init; } = 1_536;

    /// <summary>Added to a variance before its root is taken.</summary>
    public float Epsilon { get; init; } = 1e-12f;

    /// <summary>Every weight by name with its shape. Matrices are [in, out].</summary>
    public IEnumerable<(string Name, long[] Shape)> Tensors()
    {
        yield return ("embeddings.word", [Vocabulary, Hidden]);
        yield return ("embeddings.position", [Positions, Hidden]);
        if (Types > 0)
            yield return ("embeddings.type", [Types, Hidden]);
        foreach (var tensor in Norm("embeddings.norm"))
            yield return tensor;
        for (var layer = 0; layer < Layers; layer++)
        {
            foreach (var tensor in Layer($"layer.{layer}"))
                yield return tensor;
        }
    }

    private IEnumerable<(string, long[])> Layer(string layer) =>
    [
        .. Linear($"{layer}.query", Hidden, Hidden),
        .. Linear($"{layer}.key", Hidden, Hidden),
        .. Linear($"{layer}.value", Hidden, Hidden),
        .. Linear($"{layer}.attention", Hidden, Hidden),
        .. Norm($"{layer}.attention.norm"),
        .. Linear($"{layer}.up", Hidden, Intermediate),
        .. Linear($"{layer}.down", Intermediate, Hidden),
        .. Norm($"{layer}.norm"),
    ];

    private static IEnumerable<(string, long[])> Linear(string name, long into, long outOf) =>
        [($"{name}.weight", [into, outOf]), ($"{name}.bias", [outOf])];

    private IEnumerable<(string, long[])> Norm(string name) => [($"{name}.weight", [Hidden]), ($"{name}.bias", [Hidden])];
}
