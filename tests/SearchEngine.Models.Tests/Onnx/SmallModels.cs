using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;

namespace SearchEngine.Models.Tests.Onnx;

/// <summary>Models of a few kilobytes that tests write.</summary>
internal static class SmallModels
{
    public const int Vocabulary = 100, Width = 8;

    /// <summary>Embeds by look-up, mean and unit length: input_ids [batch, seq] to embedding [batch, 8].</summary>
    public static OnnxModel Embedder(int seed = 1)
    {
        var graph = new OnnxGraph("embedder");
        graph.Input("input_ids", OnnxElementType.Int64, "batch", "seq");
        graph.Input("attention_mask", OnnxElementType.Int64, "batch", "seq");
        var table = graph.Initializer<float>("table", Table(seed), Vocabulary, Width);
        var states = graph.Node("Gather", [table, "input_ids"], OnnxAttribute.Int("axis", 0));
        EncoderHeads.Normalize(graph, EncoderHeads.MeanPool(graph, states, "attention_mask"), "embedding");
        graph.Output("embedding", OnnxElementType.Float, "batch", Width);
        return new OnnxModel(graph)
        {
            Producer = "tests",
            Description = "a look-up",
            Domain = "org.example",
            Version = 7,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["side"] = "QUERY", ["naïve"] = "ключ" },
        };
    }

    public static float[] Table(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Vocabulary * Width).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    /// <summary>y = x, of any element type and up to four dimensions.</summary>
    public static byte[] Identity(OnnxElementType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        var graph = new OnnxGraph("identity");
        graph.Input("x", type, shape);
        graph.NamedNode("y", "Identity", ["x"]);
        graph.Output("y", type, shape);
        return new OnnxModel(graph).ToArray();
    }

    /// <summary>Many matrix products in a row: seconds of work in hundreds of nodes, for cancellation.</summary>
    public static OnnxSession OpenSlow(int size, int products)
    {
        var graph = new OnnxGraph("slow");
        var value = graph.Input("x", OnnxElementType.Float, size, size);
        // A squashing function after each product, keeps numbers finite.
        for (var i = 0; i < products; i++)
            value = graph.Node("Tanh", [graph.Node("MatMul", [value, value])]);
        graph.NamedNode("y", "Identity", [value]);
        graph.Output("y", OnnxElementType.Float, size, size);
        return SharedRuntime.Get().OpenSession(
            new OnnxModel(graph).ToArray(), new OnnxSessionOptions { Optimization = OnnxGraphOptimization.None });
    }
}
