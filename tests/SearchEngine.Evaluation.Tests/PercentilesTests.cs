using Xunit;

namespace SearchEngine.Evaluation.Tests;

public sealed class PercentilesTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.501, 51)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    [InlineData(0.001, 1)]
    public void A_percentile_is_the_least_value_that_the_share_does_not_exceed(double share, double expected) =>
        Assert.Equal(expected, new Percentiles(Enumerable.Range(1, 100).Reverse().Select(value => (double)value)).At(share));

    [Fact]
    public void Of_nothing_there_is_no_percentile() => Assert.Equal(0, new Percentiles([]).At(0.5));
}
