using System.Text.Json;
using System.Text.Json.Nodes;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Testing;

namespace SearchEngine.Models.Testing;

/// <summary>A model folder that a test writes: a small transformer, a WordPiece tokenizer, and the files the test adds.</summary>
public sealed class TestFolder : IDisposable
{
    public const int Width = 32, TokenWidth = 8, Positions = 64, Seed = 20_261_126;

    private static readonly string[] Words =
    [
        "query", "passage", "represent", "this", "sentence", "for", "searching", "relevant", "passages", "red", "green", "blue",
        "cat", "dog", "house", "tree", "the", "of", "on", "sits", "runs", "fast", "slow", "night", "day", ":", ",", ".",
    ];

    private readonly TempDirectory _directory = new();

    public TestFolder()
    {
        WriteTokenizer();
    }

    public static IReadOnlyList<string> Tokens { get; } =
    [
        WordPieceFile.Padding, WordPieceFile.Unknown, WordPieceFile.Start, WordPieceFile.End, WordPieceFile.Mask,
        .. Words, .. "abcdefghijklmnopqrstuvwxyz".Select(c => c.ToString()), .. "abcdefghijklmnopqrstuvwxyz".Select(c => $"##{c}"),
    ];

    public static TransformerShape Shape { get; } = new()
    {
        Vocabulary = Tokens.Count,
        Positions = Positions,
        Hidden = Width,
        Layers = 2,
        Heads = 4,
        Intermediate = 48,
    };

    public string Path => _directory.Path;

    /// <summary>A descriptor of <see cref="WriteAllHeads"/>.</summary>
    public static EncoderDescriptor AllHeads { get; } = new()
    {
        Name = "all heads",
        MaxTokens = Positions,
        QueryTemplate = "query: {text}",
        DocumentTemplate = "passage: {text}",
        Tasks = [new TaskTemplate("cluster", EncoderSide.Symmetric, "the {text} of")],
        Dense = new DenseHead("last_hidden_state", Width, [8, 16]),
        Sparse = new SparseHead("sparse", SparseForm.TokenWeights),
        Multi = new MultiHead("vectors", TokenWidth),
        Score = new ScoreHead("score"),
        Classes = new ClassHead("classes", ["news", "sport", "other"]),
    };

    /// <summary>A folder with encoder.json and every head.</summary>
    public static TestFolder OfAllHeads()
    {
        var folder = new TestFolder();
        folder.WriteAllHeads("model.onnx", Seed);
        EncoderFile.Write(folder.Path, AllHeads);
        return folder;
    }

    /// <summary>A folder whose model only looks its ids up: the place of a token does not matter.</summary>
    public static TestFolder OfLookUp(PoolingMode pooling, PaddingSide side)
    {
        var folder = new TestFolder();
        var graph = new OnnxGraph("look-up");
        graph.Input("input_ids", OnnxElementType.Int64, "batch", "sequence");
        graph.Input("attention_mask", OnnxElementType.Int64, "batch", "sequence");
        var table = graph.Initializer<float>("table", Weights(Tokens.Count * Width, 7), Tokens.Count, Width);
        graph.NamedNode("last_hidden_state", "Gather", [table, "input_ids"], OnnxAttribute.Int("axis", 0));
        graph.Output("last_hidden_state", OnnxElementType.Float, "batch", "sequence", Width);
        File.WriteAllBytes(folder._directory.File("model.onnx"), new OnnxModel(graph).ToArray());
        EncoderFile.Write(folder.Path, new EncoderDescriptor
        {
            MaxTokens = Positions,
            Pooling = pooling,
            Padding = new EncoderPadding(0, side),
            Dense = new DenseHead("last_hidden_state", Width, []),
        });
        return folder;
    }

    public void WriteTokenizer(bool isUncased = true)
    {
        using var stream = File.Create(_directory.File("tokenizer.json"));
        new WordPieceFile { Tokens = Tokens, IsUncased = isUncased }.Write(stream);
    }

    public void WriteJson(string name, object value)
    {
        var path = _directory.File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, value as string ?? JsonSerializer.Serialize(value));
    }

    public void EditJson(string name, Action<JsonNode> edit)
    {
        var node = JsonNode.Parse(File.ReadAllText(_directory.File(name)))!;
        edit(node);
        File.WriteAllText(_directory.File(name), node.ToJsonString());
    }

    /// <summary>A model with the token states and every other head.</summary>
    public void WriteAllHeads(string name, int seed)
    {
        Write(name, seed, (graph, states) =>
        {
            var first = EncoderHeads.FirstToken(graph, states);
            EncoderHeads.SparseWeights(graph, states, TransformerGraph.AttentionMask, Weights(Width, 3), 0.1f, "sparse");
            EncoderHeads.TokenVectors(graph, states, Weights(Width * TokenWidth, 4), TokenWidth, "vectors");
            EncoderHeads.Logits(graph, first, Weights(Width, 5), [0.25f], "score");
            EncoderHeads.Logits(graph, first, Weights(Width * 3, 6), [0.1f, 0f, -0.1f], "classes");
            graph.NamedNode("last_hidden_state", "Identity", [states]);
            graph.Output("last_hidden_state", OnnxElementType.Float, "batch", "sequence", Width);
            graph.Output("sparse", OnnxElementType.Float, "batch", "sequence");
            graph.Output("vectors", OnnxElementType.Float, "batch", "sequence", TokenWidth);
            graph.Output("score", OnnxElementType.Float, "batch", 1);
            graph.Output("classes", OnnxElementType.Float, "batch", 3);
        });
    }

    /// <summary>A model with token states alone, under the name that exporters give.</summary>
    public void WriteStates(string name, string output = "last_hidden_state", int seed = Seed) => Write(name, seed, (graph, states) =>
    {
        graph.NamedNode(output, "Identity", [states]);
        graph.Output(output, OnnxElementType.Float, "batch", "sequence", Width);
    });

    public void Write(string name, int seed, Action<OnnxGraph, string> addHeads, TransformerShape? shape = null)
    {
        var graph = new OnnxGraph("model");
        shape ??= Shape;
        var weights = TransformerWeights.Random(shape, seed, deviation: 0.2);
        addHeads(graph, new TransformerGraph(graph, shape, weights).AddLayers());
        var path = _directory.File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new OnnxModel(graph).ToArray());
    }

    public static float[] Weights(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    public void Dispose() => _directory.Dispose();
}
