using SearchEngine.Server.Search.Admission;
using Xunit;

namespace SearchEngine.Server.Tests.Search.Admission;

public sealed class CostModelTests
{
    private static readonly SearchShape Shape = new("docs", ShapeKind.Exact, 100_000, 768, 100, 10);

    [Fact]
    public void Prediction_approaches_what_is_measured_and_scales_with_the_rows()
    {
        var costs = new CostModel();
        long formula = costs.Predict(Shape);
        for (int i = 0; i < 100; i++)
        {
            costs.Learn(Shape, 3 * formula);
        }
        Assert.InRange(costs.Predict(Shape), 2.9 * formula, 3.1 * formula);
        SearchShape twice = Shape with { Rows = 2 * Shape.Rows };
        Assert.InRange(costs.Predict(twice), 5.5 * formula, 6.2 * formula);
        Assert.Equal(formula, costs.Predict(Shape with { Space = "others" }));
    }

    [Fact]
    public void One_search_that_lost_the_processor_is_no_trend()
    {
        var costs = new CostModel();
        long formula = costs.Predict(Shape);
        costs.Learn(Shape, 1_000 * formula);
        Assert.InRange(costs.Predict(Shape), formula, 2 * formula);
    }

    [Fact]
    public void Estimate_that_refuses_everything_comes_down_by_itself_but_never_to_nothing()
    {
        var costs = new CostModel();
        for (int i = 0; i < 1_000; i++)
        {
            costs.Doubted(Shape);
        }
        Assert.InRange(costs.Predict(Shape), 0.0099 * Shape.FormulaMicros, 0.0101 * Shape.FormulaMicros);
    }
}
