using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx.Writing;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Testing.Models;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

public sealed class EncodeTests
{
    private const double Tolerance = 1e-5;

    private const EncoderOutputs Everything =
        EncoderOutputs.Dense | EncoderOutputs.Sparse | EncoderOutputs.Multi | EncoderOutputs.Score | EncoderOutputs.Classes;

    private static readonly string[] Texts =
    [
        "a cat", "the dog runs fast on the red house, night of day", "x", "green tree. blue tree. zebra quartz sphinx",
        "the the the cat sits", "a dog of a cat of a house of a tree of a night of a day runs slow",
    ];

    [Theory]
    [InlineData(PoolingMode.Mean)]
    [InlineData(PoolingMode.Cls)]
    [InlineData(PoolingMode.Last)]
    public void Padding_on_either_side_leaves_the_vectors_of_a_model_without_positions_alone(PoolingMode pooling)
    {
        var vectors = new List<float[]>();
        foreach (var side in new[] { PaddingSide.Left, PaddingSide.Right })
        {
            using var folder = TestFolder.OfLookUp(pooling, side);
            using var model = folder.Open();
            using var run = model.CreateRun();
            var results = new EncodedBatch();
            var batch = Prepare(model, EncoderSide.Document);
            run.Encode(batch, new EncodeBatchOptions(), results, TestContext.Current.CancellationToken);
            vectors.Add([.. Enumerable.Range(0, batch.Length).SelectMany(text => results.Dense(text).ToArray())]);
        }
        Assert.Equal(vectors[0], vectors[1]);
    }

    [Theory]
    [InlineData(PoolingMode.Mean)]
    [InlineData(PoolingMode.Cls)]
    [InlineData(PoolingMode.Last)]
    public void Pooled_vectors_equal_the_reference_in_double_whatever_the_batch(PoolingMode pooling)
    {
        using var folder = TestFolder.OfAllHeads();
        EncoderFile.Write(folder.Path, TestFolder.AllHeads with { Pooling = pooling });
        using var model = folder.Open();
        using var run = model.CreateRun();
        var results = new EncodedBatch();
        var batch = Prepare(model, EncoderSide.Document);
        run.Encode(batch, new EncodeBatchOptions(), results, TestContext.Current.CancellationToken);
        for (var text = 0; text < batch.Length; text++)
            Close(Reference(batch[text], pooling), results.Dense(text), $"{pooling} of \"{Texts[text]}\"");
    }

    [Fact]
    public void A_text_alone_equals_the_same_text_in_a_batch_for_every_output()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        using var run = model.CreateRun();
        var batch = Prepare(model, EncoderSide.Query);
        var together = new EncodedBatch();
        var alone = new EncodedBatch();
        var options = new EncodeBatchOptions { Outputs = Everything };
        run.Encode(batch, options, together, TestContext.Current.CancellationToken);
        for (var text = 0; text < batch.Length; text++)
        {
            run.Encode([batch[text]], options, alone, TestContext.Current.CancellationToken);
            Close(Doubles(alone.Dense(0)), together.Dense(text), "dense");
            Assert.Equal(alone.SparseIndices(0).ToArray(), together.SparseIndices(text).ToArray());
            Close(Doubles(alone.SparseWeights(0)), together.SparseWeights(text), "sparse");
            Close(Doubles(alone.Multi(0)), together.Multi(text), "multi");
            Close([alone.Score(0)], [together.Score(text)], "score");
            Close(Doubles(alone.Classes(0)), together.Classes(text), "classes");
        }
    }

    [Fact]
    public void In_deterministic_mode_a_text_has_the_same_bits_in_any_batch()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        using var run = model.CreateRun();
        var batch = Prepare(model, EncoderSide.Query);
        var options = new EncodeBatchOptions { Outputs = Everything, Determinism = BatchDeterminism.BitExact };
        var (forward, backward) = (new EncodedBatch(), new EncodedBatch());
        run.Encode(batch, options, forward, TestContext.Current.CancellationToken);
        run.Encode(batch.Reverse().ToArray(), options, backward, TestContext.Current.CancellationToken);
        for (var text = 0; text < batch.Length; text++)
        {
            var other = batch.Length - 1 - text;
            Assert.Equal(forward.Dense(text).ToArray(), backward.Dense(other).ToArray());
            Assert.Equal(forward.SparseWeights(text).ToArray(), backward.SparseWeights(other).ToArray());
            Assert.Equal(forward.Multi(text).ToArray(), backward.Multi(other).ToArray());
            Assert.Equal(forward.Score(text), backward.Score(other));
            Assert.Equal(forward.Classes(text).ToArray(), backward.Classes(other).ToArray());
        }
    }

    [Fact]
    public void A_short_dimension_is_the_prefix_at_unit_length_and_others_are_refused()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        using var run = model.CreateRun();
        var batch = Prepare(model, EncoderSide.Query);
        var (full, cut) = (new EncodedBatch(), new EncodedBatch());
        run.Encode(batch, new EncodeBatchOptions(), full, TestContext.Current.CancellationToken);
        run.Encode(batch, new EncodeBatchOptions { Dimension = 8 }, cut, TestContext.Current.CancellationToken);
        for (var text = 0; text < batch.Length; text++)
            Close(ReferenceTransformer.Normalized([.. Doubles(full.Dense(text)).Take(8)]), cut.Dense(text), "prefix");
        var fault = Assert.Throws<ArgumentException>(() => run.Encode(batch, new EncodeBatchOptions { Dimension = 9 }, cut));
        Assert.Contains("8, 16, 32", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_vectors_have_the_largest_weight_of_each_token_and_no_special_ones()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        using var run = model.CreateRun();
        var batch = Prepare(model, EncoderSide.Query);
        var results = new EncodedBatch();
        run.Encode(batch, new EncodeBatchOptions { Outputs = EncoderOutputs.Sparse }, results, TestContext.Current.CancellationToken);
        var weight = TestFolder.Weights(TestFolder.Width, 3);
        for (var text = 0; text < batch.Length; text++)
        {
            var expected = new SortedDictionary<int, double>();
            var states = States(batch[text]);
            for (var token = 0; token < states.Length; token++)
            {
                var id = batch[text].Ids[token];
                var value = 0.1f + states[token].Select((s, i) => s * weight[i]).Sum();
                if (id >= 5 && value > 0)
                    expected[id] = Math.Max(value, expected.GetValueOrDefault(id));
            }
            Assert.Equal(expected.Keys.ToArray(), results.SparseIndices(text).ToArray());
            Close([.. expected.Values], results.SparseWeights(text), "sparse weights", scale: 10);
        }
    }

    [Fact]
    public void Rows_of_a_multi_vector_are_those_of_the_text_at_unit_length()
    {
        using var folder = TestFolder.OfAllHeads();
        using var model = folder.Open();
        using var run = model.CreateRun();
        var batch = Prepare(model, EncoderSide.Query);
        var results = new EncodedBatch();
        run.Encode(batch, new EncodeBatchOptions { Outputs = EncoderOutputs.Multi }, results, TestContext.Current.CancellationToken);
        var weight = TestFolder.Weights(TestFolder.Width * TestFolder.TokenWidth, 4);
        for (var text = 0; text < batch.Length; text++)
        {
            var states = States(batch[text]);
            Assert.Equal((states.Length - 2) * TestFolder.TokenWidth, results.Multi(text).Length);
            for (var token = 1; token < states.Length - 1; token++)
            {
                double[] row =
                [
                    .. Enumerable.Range(0, TestFolder.TokenWidth).Select(
                        column => states[token].Select((s, i) => s * weight[i * TestFolder.TokenWidth + column]).Sum()),
                ];
                var actual = results.Multi(text).Slice((token - 1) * TestFolder.TokenWidth, TestFolder.TokenWidth);
                Close(ReferenceTransformer.Normalized(row), actual, $"row of token {token}");
            }
        }
    }

    private static TokenSequence[] Prepare(EncoderModel model, EncoderSide side) =>
    [
        .. Texts.Select(text =>
        {
            var tokens = new TokenSequence();
            model.Prepare(text, side, "", TruncationPolicy.Error, tokens);
            return tokens;
        }),
    ];

    private static double[][] States(TokenSequence text)
    {
        var weights = TransformerWeights.Random(TestFolder.Shape, TestFolder.Seed, deviation: 0.2);
        var shape = TestFolder.Shape;
        var reference = new ReferenceTransformer(
            shape.Hidden, shape.Layers, shape.Heads, shape.Epsilon, name => name.Length > 0 ? weights[name] : null);
        long[] ids = [.. text.Ids.ToArray().Select(id => (long)id)];
        long[] types = [.. text.TypeIds.ToArray().Select(type => (long)type)];
        return reference.States(ids, [.. ids.Select(_ => 1L)], types);
    }

    private static double[] Reference(TokenSequence text, PoolingMode pooling)
    {
        var states = States(text);
        return ReferenceTransformer.Normalized(pooling switch
        {
            PoolingMode.Mean => [.. Enumerable.Range(0, TestFolder.Width).Select(i => states.Average(state => state[i]))],
            PoolingMode.Cls => states[0],
            _ => states[^1],
        });
    }

    private static double[] Doubles(ReadOnlySpan<float> values) => [.. values.ToArray().Select(x => (double)x)];

    private static void Close(double[] expected, ReadOnlySpan<float> actual, string what, double scale = 1)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs(expected[i] - actual[i]);
            Assert.True(
                difference <= Tolerance * scale, $"{what}, element {i}: {expected[i]:R} wanted, {actual[i]:R} given; does padding leak into the pooling?");
        }
    }
}
