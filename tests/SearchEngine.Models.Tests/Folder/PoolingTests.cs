using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using Xunit;

namespace SearchEngine.Models.Tests.Folder;

public sealed class PoolingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(37)]
    [InlineData(384)]
    public void Mean_equals_the_mean_in_double_for_widths_around_the_lanes(int width)
    {
        var random = new Random(width);
        for (var tokens = 1; tokens < 40; tokens += 3)
        {
            float[] states = [.. Enumerable.Range(0, tokens * width).Select(_ => (float)(random.NextDouble() * 4 - 2))];
            var vector = new float[width];
            Pooling.Pool(PoolingMode.Mean, states, vector);
            for (var i = 0; i < width; i++)
            {
                var expected = Enumerable.Range(0, tokens).Average(t => (double)states[t * width + i]);
                Assert.True(Math.Abs(expected - vector[i]) < 1e-6, $"width {width}, {tokens} tokens, element {i}: {expected} and {vector[i]}");
            }
        }
    }

    [Fact]
    public void First_and_last_tokens_are_taken_as_they_are()
    {
        float[] states = [1, 2, 3, 4, 5, 6];
        var vector = new float[2];
        Pooling.Pool(PoolingMode.Cls, states, vector);
        Assert.Equal([1f, 2f], vector);
        Pooling.Pool(PoolingMode.Last, states, vector);
        Assert.Equal([5f, 6f], vector);
        Assert.Throws<ArgumentException>(() => Pooling.Pool(PoolingMode.Mean, states, new float[4]));
        Assert.Throws<ArgumentException>(() => Pooling.Pool(PoolingMode.Mean, [], new float[4]));
    }

    [Fact]
    public void Normalizing_gives_unit_length_and_leaves_zero_alone()
    {
        float[] vector = [3e-20f, -4e-20f];
        Pooling.Normalize(vector);
        Assert.Equal(0.6, vector[0], 6);
        Assert.Equal(-0.8, vector[1], 6);
        float[] zero = [0, 0];
        Pooling.Normalize(zero);
        Assert.Equal([0f, 0f], zero);
    }

    [Fact]
    public void Softmax_adds_up_to_one_also_for_great_logits()
    {
        var probabilities = new float[3];
        Pooling.Softmax([1000f, 999f, -1000f], probabilities);
        Assert.Equal(1.0, probabilities.Sum(), 6);
        Assert.Equal(1 / (1 + Math.Exp(-1)), probabilities[0], 6);
        Assert.Equal(0.5f, Pooling.Sigmoid(0));
    }

    [Fact]
    public void Int8_elements_times_their_scale_are_within_half_a_step()
    {
        var random = new Random(5);
        for (var round = 0; round < 100; round++)
        {
            float[] vector = [.. Enumerable.Range(0, 33).Select(_ => (float)(random.NextDouble() - 0.5) * (1 << (round % 20)))];
            var elements = new sbyte[33];
            var scale = VectorElements.ToInt8(vector, elements);
            Assert.DoesNotContain((sbyte)-128, elements);
            for (var i = 0; i < vector.Length; i++)
                Assert.True(Math.Abs(vector[i] - elements[i] * scale) <= scale * 0.5001f, $"round {round}, element {i}");
        }
        Assert.Equal(1f, VectorElements.ToInt8([0f, 0f], new sbyte[2]));
    }

    [Fact]
    public void Buckets_hold_their_lengths_grow_and_end_at_the_longest_input()
    {
        int[] buckets = [.. Enumerable.Range(1, 500).Select(length => LengthBuckets.Of(length, 500)).Distinct()];
        Assert.Equal([16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 500], buckets);
        for (var length = 1; length <= 500; length++)
            Assert.True(LengthBuckets.Of(length, 500) >= length, $"length {length} does not fit its bucket");
        Assert.Equal(10, LengthBuckets.Of(3, 10));
    }

    [Fact]
    public void Splade_weights_are_the_logarithm_of_one_plus_the_largest_logit()
    {
        var collector = new SparseCollector(20, [3]);
        var random = new Random(9);
        float[][] rows = [.. Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, 20).Select(_ => (float)(random.NextDouble() * 4 - 2)).ToArray())];
        foreach (var row in rows)
            collector.TakeRow(row);
        collector.Dampen();
        var (indices, weights) = (new List<int>(), new List<float>());
        collector.Emit(indices, weights);
        var expected = Enumerable.Range(0, 20).Where(i => i != 3 && rows.Max(row => row[i]) > 0).ToArray();
        Assert.Equal(expected, indices);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(rows.Max(row => Math.Log(1 + Math.Max(0, (double)row[expected[i]]))), weights[i], 6);
    }
}
