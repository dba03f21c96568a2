using SearchEngine.Training.Corpus;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;
using SearchEngine.Training.Reranking;
using Xunit;

namespace SearchEngine.Training.Tests;

public sealed class GradientTests
{
    private const int Vocabulary = 20, Dimension = 32, Pairs = 5;

    private static readonly ContrastiveOptions Loss = new([8, 32], 0.3f);

    [Fact]
    public void Encoder_slopes_are_those_of_finite_differences()
    {
        var random = new Random(3);
        var parameters = Random(random);
        var batch = Batch(random);
        var gradient = BatchGradient.Of(parameters, batch, Loss, new Workers(1));
        var worst = ("", 0.0);
        void Compare(string name, float[] values, int index, float slope)
        {
            const float Step = 4e-3f;
            var kept = values[index];
            values[index] = kept + Step;
            var above = BatchGradient.Of(parameters, batch, Loss, new Workers(1)).Loss;
            values[index] = kept - Step;
            var below = BatchGradient.Of(parameters, batch, Loss, new Workers(1)).Loss;
            values[index] = kept;
            var error = Math.Abs((above - below) / (2 * Step) - slope) / (Math.Abs(slope) + 0.02);
            worst = error > worst.Item2 ? ($"{name}[{index}]: slope {slope}, differences {(above - below) / (2 * Step)}", error) : worst;
        }
        for (var trial = 0; trial < 60; trial++)
        {
            var place = random.Next(gradient.Pieces.Length);
            var (piece, column) = (gradient.Pieces[place], random.Next(Dimension));
            Compare("embedding", parameters.Embeddings, piece * Dimension + column, gradient.EmbeddingSlopes[place * Dimension + column]);
            for (var side = 0; side < EncoderParameters.Sides; side++)
            {
                var cell = random.Next(Dimension * Dimension);
                Compare($"head {side}", parameters.Heads[side], cell, gradient.HeadSlopes[side][cell]);
                Compare($"weight {side}", parameters.LogWeights[side], piece, gradient.WeightSlopes[side][place]);
            }
        }
        Assert.True(worst.Item2 < 0.02, $"{worst.Item1} differ by a share of {worst.Item2:F4}; suspect the derivative of that part");
    }

    [Fact]
    public void Reranker_slopes_are_those_of_finite_differences()
    {
        var random = new Random(5);
        float[] Numbers() => [.. Enumerable.Range(0, PairFeatures.Count).Select(_ => (float)random.NextDouble() - 0.5f)];
        var scorer = new PairScorer(Numbers());
        float[][] list = [Numbers(), Numbers(), Numbers()];
        double Loss()
        {
            double[] scores = [.. list.Select(pair => (double)scorer.Score(pair))];
            return Math.Log(scores.Sum(Math.Exp)) - scores[0];
        }
        var slopes = new float[PairFeatures.Count];
        RerankerTrainer.AddSlopes(scorer, list, 1, slopes);
        for (var i = 0; i < slopes.Length; i++)
        {
            const float Step = 1e-2f;
            var kept = scorer.Weights[i];
            scorer.Weights[i] = kept + Step;
            var above = Loss();
            scorer.Weights[i] = kept - Step;
            var below = Loss();
            scorer.Weights[i] = kept;
            Assert.True(Math.Abs((above - below) / (2 * Step) - slopes[i]) < 1e-4, $"Weight {i}: slope {slopes[i]}, differences {(above - below) / (2 * Step)}");
        }
    }

    [Fact]
    public void The_map_of_least_squares_is_the_one_that_made_the_rows()
    {
        const int Width = 24, Rows = 80;
        var random = new Random(9);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f)];
        var (map, given) = (Numbers(Width * Width), Numbers(Rows * Width));
        var wanted = new float[given.Length];
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < Width; i++)
                Lanes.AddScaled(wanted.AsSpan(row * Width, Width), map.AsSpan(i * Width, Width), given[row * Width + i]);
        }
        var found = LeastSquares.Map(given, wanted, Width);
        for (var i = 0; i < map.Length; i++)
            Assert.True(Math.Abs(map[i] - found[i]) < 1e-3, $"Element {i}: {map[i]} made the rows, {found[i]} was found");
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit_of_a_gradient()
    {
        var random = new Random(9);
        var parameters = Random(random);
        var batch = Batch(random);
        var one = BatchGradient.Of(parameters, batch, Loss, new Workers(1));
        var four = BatchGradient.Of(parameters, batch, Loss, new Workers(4));
        Assert.Equal(one.Loss, four.Loss);
        Assert.Equal(one.EmbeddingSlopes, four.EmbeddingSlopes);
        Assert.Equal(one.HeadSlopes[0], four.HeadSlopes[0]);
        Assert.Equal(one.WeightSlopes[1], four.WeightSlopes[1]);
    }

    [Fact]
    public void A_document_that_is_the_positives_own_is_no_negative()
    {
        var random = new Random(11);
        var parameters = Random(random);
        var batch = Batch(random);
        var twins = batch with { Documents = [.. batch.Documents, batch.Documents[0]], Keys = [.. batch.Keys, batch.Keys[0]] };
        var strangers = twins with { Keys = [.. batch.Keys, 99] };
        var workers = new Workers(1);
        var loss = BatchGradient.Of(parameters, twins, Loss, workers).Loss;
        Assert.True(loss < BatchGradient.Of(parameters, strangers, Loss, workers).Loss, "A twin of the positive was counted against it");
    }

    private static EncoderParameters Random(Random random)
    {
        var parameters = new EncoderParameters(Vocabulary, Dimension);
        foreach (var values in parameters.All())
        {
            foreach (ref var x in values.AsSpan())
                x = (float)(random.NextDouble() - 0.5) * 0.6f;
        }
        return parameters;
    }

    private static ContrastiveBatch Batch(Random random)
    {
        TokenBag Text(int length) => TokenBag.Of([.. Enumerable.Range(0, length).Select(_ => random.Next(Vocabulary))]);
        return new ContrastiveBatch(
            [.. Enumerable.Range(0, Pairs).Select(_ => Text(3))],
            [.. Enumerable.Range(0, Pairs + 2).Select(_ => Text(9))],
            [.. Enumerable.Range(0, Pairs + 2)],
            new PairKind[Pairs]);
    }
}
