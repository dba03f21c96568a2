using SearchEngine.Models.Onnx;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Testing.Models;
using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

public sealed class TransformerTests
{
    private const double Tolerance = 1e-5;

    private const int Seed = 20_261_126;

    private static readonly TransformerShape Shape = new()
    {
        Vocabulary = 200,
        Positions = 64,
        Hidden = 48,
        Layers = 3,
        Heads = 4,
        Intermediate = 96,
    };

    private static readonly TransformerWeights Weights = TransformerWeights.Random(Shape, Seed, deviation: 0.2);

    private static readonly float[] SparseWeight = Gaussian(Shape.Hidden, 3), TokenWeight = Gaussian(Shape.Hidden * 16, 4);

    private static readonly float[] ScoreWeight = Gaussian(Shape.Hidden, 5);

    [Fact]
    public void Every_head_in_one_pass_equals_the_reference_in_double_for_every_mix_of_lengths()
    {
        using var session = SharedRuntime.Get().OpenSession(AllHeads().ToArray());
        using var run = session.CreateRun("dense", "first", "sparse", "vectors", "score");
        var random = new Random(Seed);
        for (var batch = 1; batch <= 6; batch++)
        {
            var lengths = Enumerable.Range(0, batch).Select(_ => 1 + random.Next(20)).ToArray();
            using var inputs = new TransformerBatch(lengths, Shape.Vocabulary, random);
            inputs.SetOn(run);
            run.Execute(TestContext.Current.CancellationToken);
            for (var row = 0; row < batch; row++)
                CheckRow(run, inputs, row);
        }
    }

    [Fact]
    public void A_text_alone_equals_the_same_text_in_a_batch()
    {
        using var session = SharedRuntime.Get().OpenSession(AllHeads().ToArray());
        using var run = session.CreateRun("dense");
        using var batch = new TransformerBatch([5, 19, 11, 2], Shape.Vocabulary, new Random(Seed));
        batch.SetOn(run);
        run.Execute(TestContext.Current.CancellationToken);
        var together = run.Outputs[0].AsSpan<float>().ToArray();
        for (var row = 0; row < 4; row++)
        {
            using var alone = batch.Row(row);
            alone.SetOn(run);
            run.Execute(TestContext.Current.CancellationToken);
            Close(
                run.Outputs[0].AsSpan<float>().ToArray().Select(x => (double)x).ToArray(),
                together.AsSpan(row * Shape.Hidden, Shape.Hidden),
                $"text {row} alone against in a batch: does padding leak through the mask?");
        }
    }

    private static OnnxModel AllHeads()
    {
        var graph = new OnnxGraph("all-heads");
        var states = new TransformerGraph(graph, Shape, Weights).AddLayers();
        var mask = TransformerGraph.AttentionMask;
        EncoderHeads.Normalize(graph, EncoderHeads.MeanPool(graph, states, mask), "dense");
        var first = EncoderHeads.FirstToken(graph, states);
        EncoderHeads.Normalize(graph, first, "first");
        EncoderHeads.SparseWeights(graph, states, mask, SparseWeight, 0.1f, "sparse");
        EncoderHeads.TokenVectors(graph, states, TokenWeight, 16, "vectors");
        EncoderHeads.Logits(graph, first, ScoreWeight, [0.25f], "score");
        graph.Output("dense", OnnxElementType.Float, "batch", Shape.Hidden);
        graph.Output("first", OnnxElementType.Float, "batch", Shape.Hidden);
        graph.Output("sparse", OnnxElementType.Float, "batch", "sequence");
        graph.Output("vectors", OnnxElementType.Float, "batch", "sequence", 16);
        graph.Output("score", OnnxElementType.Float, "batch", 1);
        return new OnnxModel(graph);
    }

    private static void CheckRow(OnnxRun run, TransformerBatch inputs, int row)
    {
        var (ids, mask, types) = inputs.Tokens(row);
        var reference = new ReferenceTransformer(
            Shape.Hidden, Shape.Layers, Shape.Heads, Shape.Epsilon, name => name.Length > 0 ? Weights[name] : null);
        var states = reference.States(ids, mask, types);
        ReadOnlySpan<float> Part(int output, int width) => run.Outputs[output].AsSpan<float>().Slice(row * width, width);
        Close(ReferenceTransformer.MeanNormalized(states, mask), Part(0, Shape.Hidden), $"dense, row {row}");
        Close(ReferenceTransformer.Normalized(states[0]), Part(1, Shape.Hidden), $"first token, row {row}");
        double[] sparse = [.. states.Select((s, t) => mask[t] * Math.Max(0, Dot(s, SparseWeight, 0, 1) + 0.1f))];
        Close(sparse, Part(2, ids.Length), $"sparse, row {row}", scale: 10);
        Close([Dot(states[0], ScoreWeight, 0, 1) + 0.25], Part(4, 1), $"score, row {row}", scale: 10);
        for (var t = 0; t < inputs.Lengths[row]; t++)
        {
            double[] vector = [.. Enumerable.Range(0, 16).Select(i => Dot(states[t], TokenWeight, i, 16))];
            var actual = Part(3, ids.Length * 16).Slice(t * 16, 16);
            Close(ReferenceTransformer.Normalized(vector), actual, $"vector of token {t}, row {row}");
        }
    }

    private static double Dot(double[] state, float[] weight, int column, int columns) =>
        state.Select((s, i) => s * weight[i * columns + column]).Sum();

    private static float[] Gaussian(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static void Close(double[] expected, ReadOnlySpan<float> actual, string what, double scale = 1)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs(expected[i] - actual[i]);
            Assert.True(
                difference <= Tolerance * scale,
                $"{what}, component {i}: {expected[i]:R} in double, {actual[i]:R} by the model (difference {difference:E1}, seed {Seed})");
        }
    }
}
