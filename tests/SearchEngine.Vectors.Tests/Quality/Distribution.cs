using SearchEngine.Testing.Vectors;

namespace SearchEngine.Vectors.Tests.Quality;

/// <summary>A kind of data that has broken vector indexes before, small enough to build in a test.</summary>
/// <param name="Floors">Recall of the ten best that must be reached.</param>
public sealed record Distribution(string Name, Metric Metric, EmbeddingRecipe Recipe, RecallFloors Floors)
{
    private static readonly EmbeddingRecipe Text = new()
    {
        Name = "text",
        Count = 8000,
        Dim = 384,
        Latent = 80,
        Topics = 80,
        QueryCount = 200,
        Seed = 11,
    };

    public static IReadOnlyList<Distribution> All { get; } =
    [
        new("clusters", Metric.Cosine, Text with { Dim = 768, Latent = 96 }, new(0.985, 0.998, 0.98, 0.998)),
        new("short rows", Metric.Cosine, Text with { Dim = 96, Latent = 40, Count = 12_000 }, new(0.97, 0.997, 0.89, 0.985)),
        new("far common mean", Metric.Cosine, Text with { Mean = 0.7 }, new(0.98, 0.996, 0.97, 0.996)),
        new("no common mean", Metric.Cosine, Text with { Mean = 0 }, new(0.98, 0.996, 0.97, 0.996)),
        new("outlier dimensions", Metric.Cosine, Text with { OutlierDimensions = 3 }, new(0.98, 0.993, 0.97, 0.992)),
        new("exact duplicates", Metric.Cosine, Text with { DuplicateShare = 0.3 }, new(0.98, 0.996, 0.965, 0.993)),
        new("queries out of distribution", Metric.Cosine, Text with { QuerySpread = 1.0 }, new(0.965, 0.995, 0.95, 0.994)),
        new("tight clusters", Metric.Cosine, Text with { DocumentSpread = 0.05, Noise = 0.02 }, new(0.965, 0.985, 0.75, 0.94)),
        new("unequal lengths, dot", Metric.Dot, Text with { LengthDeviation = 0.3 }, new(0.96, 0.985, 0.955, 0.984)),
        new("unequal lengths, L2", Metric.L2, Text with { LengthDeviation = 0.3 }, new(0.975, 0.992, 0.96, 0.99)),
        new("odd dimension", Metric.L2, Text with { Dim = 101, Latent = 40 }, new(0.98, 0.996, 0.925, 0.99)),
    ];

    public OracleMetric Oracle => Metric switch
    {
        Metric.Cosine => OracleMetric.Cosine,
        Metric.Dot => OracleMetric.InnerProduct,
        _ => OracleMetric.Euclidean,
    };

    public override string ToString() => Name;
}
