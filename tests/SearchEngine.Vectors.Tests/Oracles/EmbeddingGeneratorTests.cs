using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Oracles;

public sealed class EmbeddingGeneratorTests
{
    /// <summary>
    /// Published check values of the recipe: a set drawn here equals one drawn by any other implementation of it.
    /// </summary>
    [Fact]
    public void FirstRowsEqualThePublishedCheckValues()
    {
        AssertStartsWith([0.00502221f, -0.00847980f, 0.00688798f, 0.03980449f], FirstDocument("emb768-200k"), "emb768-200k");
        AssertStartsWith([-0.02890152f, -0.08756259f, 0.02416901f, 0.03360009f], FirstDocument("emb128-1M"), "emb128-1M");
    }

    [Fact]
    public void VariantsDoWhatTheyAreNamedFor()
    {
        EmbeddingRecipe small = new() { Name = "small", Count = 2000, Dim = 32, Latent = 8, Topics = 20, QueryCount = 10 };
        FloatMatrix duplicates = new EmbeddingGenerator(small with { DuplicateShare = 0.3 }).Documents();
        int copies = Enumerable.Range(0, duplicates.Count)
            .GroupBy(i => string.Join(',', duplicates.Row(i).ToArray())).Sum(g => g.Count() - 1);
        Assert.InRange(copies, 500, 700);

        FloatMatrix lengths = new EmbeddingGenerator(small with { LengthDeviation = 0.3 }).Documents();
        double[] logs = [.. Enumerable.Range(0, lengths.Count).Select(i => Math.Log(Norm(lengths.Row(i))))];
        double mean = logs.Average();
        Assert.InRange(Math.Sqrt(logs.Average(l => (l - mean) * (l - mean))), 0.27, 0.33);

        FloatMatrix outliers = new EmbeddingGenerator(small with { OutlierDimensions = 3 }).Documents();
        double inOutliers = Enumerable.Range(0, outliers.Count).Average(
            i => ((int[])[5, 16, 26]).Sum(j => (double)outliers.Row(i)[j] * outliers.Row(i)[j]));
        Assert.True(inOutliers > 0.9, $"The outlier dimensions hold only {inOutliers:F2} of the squared length.");
    }

    private static FloatMatrix FirstDocument(string name)
    {
        EmbeddingRecipe recipe = EmbeddingRecipe.Named(name)!;
        // Only the topic sizes depend on other rows, so the first row can be drawn from a short set.
        return new EmbeddingGenerator(recipe with { Count = 1, QueryCount = 1 }).Documents();
    }

    private static void AssertStartsWith(float[] expected, FloatMatrix actual, string name)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual.Row(0)[i]) < 1e-7f,
                $"{name}: coordinate {i} is {actual.Row(0)[i]:F8}, the recipe gives {expected[i]:F8}.");
        }
    }

    private static double Norm(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float x in row)
        {
            sum += (double)x * x;
        }

        return Math.Sqrt(sum);
    }
}
