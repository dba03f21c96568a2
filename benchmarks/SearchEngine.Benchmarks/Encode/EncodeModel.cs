using System.Globalization;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>A model folder with the arithmetic of all-MiniLM-L6 and random weights: a vector and a pair score from the same layers.</summary>
internal static class EncodeModel
{
    public const string Vector = "sentence_embedding", Score = "score", Name = "minilm-shaped";

    private const int Seed = 20_261_126;

    public static int MaxTokens => TransformerShape.MiniLm.Positions;

    /// <summary>The word of a number: one token of its own.</summary>
    public static string Word(int number) => "w" + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Words there are.</summary>
    public static int Words => TransformerShape.MiniLm.Vocabulary - Special.Length;

    private static string[] Special =>
        [WordPieceFile.Padding, WordPieceFile.Unknown, WordPieceFile.Start, WordPieceFile.End, WordPieceFile.Mask];

    /// <summary>Writes the folder unless it is there.</summary>
    public static void Write(string folder)
    {
        if (File.Exists(Path.Combine(folder, EncoderFile.FileName)))
            return;
        Directory.CreateDirectory(folder);
        using (var file = File.Create(Path.Combine(folder, "tokenizer.json")))
            new WordPieceFile { Tokens = [.. Special, .. Enumerable.Range(0, Words).Select(Word)] }.Write(file);
        using (var file = File.Create(Path.Combine(folder, "model.onnx")))
            Graph(TransformerShape.MiniLm).WriteTo(file);
        // Last: a folder with it is complete.
        EncoderFile.Write(folder, new EncoderDescriptor
        {
            Name = Name,
            MaxTokens = MaxTokens,
            Pooling = PoolingMode.Model,
            Dense = new DenseHead(Vector, TransformerShape.MiniLm.Hidden, []),
            Score = new ScoreHead(Score),
        });
    }

    private static OnnxModel Graph(TransformerShape shape)
    {
        var graph = new OnnxGraph("minilm");
        var states = new TransformerGraph(graph, shape, TransformerWeights.Random(shape, Seed)).AddLayers();
        EncoderHeads.Normalize(graph, EncoderHeads.MeanPool(graph, states, TransformerGraph.AttentionMask), Vector);
        EncoderHeads.Logits(graph, EncoderHeads.FirstToken(graph, states), new float[shape.Hidden], [0f], Score);
        graph.Output(Vector, OnnxElementType.Float, TransformerGraph.Batch, shape.Hidden);
        graph.Output(Score, OnnxElementType.Float, TransformerGraph.Batch, 1);
        return new OnnxModel(graph);
    }
}
