using SearchEngine.Collections.Schema;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Live;

namespace SearchEngine.Collections.Segments;

/// <summary>What the vector core is told for a vector of the schema.</summary>
internal static class VectorSettings
{
    public static SegmentOptions Graph(VectorSchema vector, int threads) => new()
    {
        Metric = vector.Metric,
        MaxLinks = vector.MaxLinks,
        BuildBreadth = vector.BuildBreadth,
        Seed = vector.Seed,
        Threads = threads,
        PrefixDimensions = vector.PrefixDimensions,
        Tier = vector.Tier,
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
            Truth = vector.StoredType == ElementType.Float16 ? null : vector.StoredType,
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
}
