using Xunit;

namespace SearchEngine.Evaluation.Tests;

public sealed class ParetoFrontTests
{
    [Fact]
    public void A_point_that_another_beats_in_everything_or_equals_and_beats_in_one_is_not_marked() =>
        Assert.Equal([true, true, false, false], ParetoFront.Of([[0.9, -10], [0.8, -5], [0.9, -11], [0.7, -6]]));

    [Fact]
    public void Equal_points_are_all_marked() => Assert.Equal([true, true], ParetoFront.Of([[1, 2], [1, 2]]));

    [Fact]
    public void No_point_of_the_front_beats_another_and_every_other_is_beaten_by_one_of_it()
    {
        var random = new Random(3);
        double[][] points = [.. Enumerable.Range(0, 200).Select(_ => new[] { random.Next(20), random.Next(20), (double)random.Next(20) })];
        var front = ParetoFront.Of(points);
        for (var i = 0; i < points.Length; i++)
        {
            var beaten = points.Where((_, other) => front[other]).Any(other => AtLeast(other, points[i]) && !AtLeast(points[i], other));
            Assert.True(front[i] != beaten, $"point {i} ({string.Join(", ", points[i])}) is {(front[i] ? "" : "not ")}marked; suspect Beats");
        }
    }

    private static bool AtLeast(double[] left, double[] right) => left.Zip(right).All(pair => pair.First >= pair.Second);
}
