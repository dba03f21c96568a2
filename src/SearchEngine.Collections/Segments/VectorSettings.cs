using SearchEngine.Collections.Schema;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Files;
using SearchEngine.Vectors.Live;

namespace SearchEngine.Collections.Segments;

/// <summary>The one place where what a schema and settings say is put into the terms of the vector core.</summary>
internal static class VectorSettings
{
    public static SegmentOptions Graph(VectorSchema vector, int threads) => new()
    {
        Metric = MetricOf(vector),
        MaxLinks = vector.MaxLinks,
        BuildBreadth = vector.BuildBreadth,
        Seed = vector.Seed,
        Threads = threads,
        PrefixDimensions = vector.PrefixDimensions,
        Tier = TierOf(vector.WalkCode),
    };

    public static LiveOptions Live(VectorSchema vector, LiveDocumentsOptions options)
    {
        var live = new LiveOptions
        {
            Dimension = vector.Dimension,
            Capacity = options.Capacity,
            CalibrationRows = options.CalibrationRows,
            Graph = Graph(vector, options.LinkThreads),
            // Float16 is the default that widens by itself, which is what the core does when it is told nothing.
            Truth = vector.StoredType switch
            {
                StoredType.Float32 => ElementType.Float32,
                StoredType.Int8 => ElementType.Int8,
                _ => null,
            },
        };
        try
        {
            live.Validate();
            return live;
        }
        catch (ArgumentException cause)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, $"vectors.{vector.Name}", cause.Message, "Change the schema of this vector.", cause);
        }
    }

    public static SegmentOpenOptions Opening(CodeResidency residency) => new()
    {
        Residency = residency switch
        {
            CodeResidency.Populated => Residency.Populated,
            CodeResidency.HugePages => Residency.HugePages,
            _ => Residency.OnDemand,
        },
    };

    public static Metric MetricOf(VectorSchema vector) => MetricOf(vector.Metric);

    public static Metric MetricOf(VectorMetric metric) => metric switch
    {
        VectorMetric.Dot => Metric.Dot,
        VectorMetric.Euclidean => Metric.L2,
        _ => Metric.Cosine,
    };

    public static WalkTier? TierOf(WalkCode? code) => code switch
    {
        WalkCode.Int8 => WalkTier.Code,
        WalkCode.Bit => WalkTier.Sign,
        WalkCode.BitThenInt8 => WalkTier.Prefilter,
        _ => null,
    };
}
