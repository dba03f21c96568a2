using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class WriterTests
{
    [Fact]
    public void Weights_of_every_width_arrive_as_they_were_written()
    {
        Returns<float>([1.5f, float.Epsilon, float.NegativeInfinity]);
        Returns<Half>([(Half)0.1, Half.Epsilon, -(Half)2]);
        Returns<sbyte>([-128, 0, 127]);
        Returns<long>([long.MinValue, 0, long.MaxValue]);
        Returns<int>([int.MinValue, 0, int.MaxValue]);
        Returns<byte>([0, 128, 255]);
    }

    [Fact]
    public void The_same_model_is_written_as_the_same_bytes()
    {
        Assert.Equal(SmallModels.Embedder().ToArray(), SmallModels.Embedder().ToArray());
        var (a, b) = (TransformerWeights.Random(Tiny, 7), TransformerWeights.Random(Tiny, 7));
        Assert.All(Tiny.Tensors(), tensor => Assert.Equal(a[tensor.Name], b[tensor.Name]));
    }

    [Fact]
    public void A_long_text_and_many_small_fields_cross_the_borders_of_a_varint()
    {
        foreach (var length in new[] { 0, 1, 127, 128, 16_383, 16_384, 100_000 })
        {
            var graph = new OnnxGraph("g");
            graph.Input("x", OnnxElementType.Float, "n");
            graph.NamedNode("y", "Identity", ["x"]);
            graph.Output("y", OnnxElementType.Float, "n");
            var text = new string('ü', length);
            var model = new OnnxModel(graph) { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["k"] = text } };
            using var session = SharedRuntime.Get().OpenSession(model.ToArray());
            Assert.Equal(text, session.Metadata.Custom["k"]);
        }
    }

    [Fact]
    public void Mistakes_in_a_graph_are_refused_where_they_are_made()
    {
        var graph = new OnnxGraph("g");
        graph.Initializer<float>("w", [1, 2, 3, 4], 2, 2);
        Assert.Throws<ArgumentException>(() => graph.Initializer<float>("w", [1], 1));
        Assert.Throws<OnnxTensorException>(() => graph.Initializer<float>("v", [1, 2, 3], 2, 2));
        Assert.Throws<OnnxTensorException>(() => graph.Initializer<decimal>("v", [1], 1));
        Assert.Throws<OverflowException>(() => graph.Initializer<float>("v", [1], long.MaxValue, 2));
        var tensors = Tiny.Tensors().ToDictionary(t => t.Name, _ => new float[1], StringComparer.Ordinal);
        Assert.Contains("embeddings.word", Assert.Throws<OnnxTensorException>(() => new TransformerWeights(Tiny, tensors)).Message, StringComparison.Ordinal);
    }

    private static readonly TransformerShape Tiny = new() { Vocabulary = 10, Positions = 4, Hidden = 4, Layers = 1, Heads = 2, Intermediate = 4 };

    private static void Returns<T>(T[] values)
        where T : unmanaged
    {
        var graph = new OnnxGraph("g");
        graph.Input("x", OnnxElementType.Int64, "n");
        var table = graph.Initializer<T>("w", values, values.Length);
        graph.NamedNode("y", "Gather", [table, "x"], OnnxAttribute.Int("axis", 0));
        graph.Output("y", OnnxElement.Of<T>(), "n");
        using var session = SharedRuntime.Get().OpenSession(new OnnxModel(graph).ToArray());
        using var x = SharedRuntime.Get().WrapTensor<long>(new long[] { 0, 1, 2 });
        x.Reshape(3);
        using var run = session.CreateRun();
        run.SetInput(0, x);
        run.Execute();
        Assert.Equal(values, run.Outputs[0].AsSpan<T>().ToArray());
    }
}
