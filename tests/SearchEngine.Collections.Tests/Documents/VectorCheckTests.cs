using SearchEngine.Collections.Schema;
using Xunit;

namespace SearchEngine.Collections.Tests.Documents;

/// <summary>Every element of a vector is looked at, wherever it is, and the first bad one is named.</summary>
public sealed class VectorCheckTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void The_first_element_that_is_not_finite_is_named_whatever_its_place(float bad)
    {
        for (int length = 1; length <= 40; length++)
        {
            for (int at = 0; at < length; at++)
            {
                var values = new float[length];
                Array.Fill(values, float.MaxValue);
                values[at] = values[^1] = bad;
                CollectionException refused = Assert.Throws<CollectionException>(() => VectorCheck.Values(VectorMetric.Dot, values, "query"));
                Assert.Equal((CollectionError.VectorNotFinite, "query"), (refused.Error, refused.Field));
                Assert.Contains($"Element {at} ", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Only_a_cosine_needs_an_element_that_is_not_zero()
    {
        foreach (int length in new[] { 1, 7, 8, 9, 64, 77 })
        {
            var values = new float[length];
            values[0] = -0f;
            Assert.Equal(
                CollectionError.VectorZero,
                Assert.Throws<CollectionException>(() => VectorCheck.Values(VectorMetric.Cosine, values, "query")).Error);
            VectorCheck.Values(VectorMetric.Dot, values, "query");
            VectorCheck.Values(VectorMetric.Euclidean, values, "query");
            values[^1] = float.Epsilon;
            VectorCheck.Values(VectorMetric.Cosine, values, "query");
        }
    }
}
