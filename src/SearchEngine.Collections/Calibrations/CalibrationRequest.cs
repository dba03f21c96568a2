using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Calibrations;

/// <summary>How a calibration is to be made.</summary>
public sealed record CalibrationRequest
{
    public const int MaxQueries = 100_000;
    public const int MaxCounts = 16;
    public const int MaxCount = 1_000;

    /// <summary>Bytes of the queries: all of them are kept while it runs.</summary>
    public const long MaxQueryBytes = 256L << 20;

    /// <summary>The vector; null means the first of the schema.</summary>
    public string? VectorName { get; init; }

    /// <summary>Queries to measure with, of the vector's whole dimension; null makes some of the documents.</summary>
    public IReadOnlyList<float[]>? Queries { get; init; }

    /// <summary>Where they came from.</summary>
    public QueryOrigin Origin { get; init; }

    /// <summary>How many to make where none are given.</summary>
    public int Made { get; init; } = 1_000;

    /// <summary>Numbers of hits to fit for.</summary>
    public IReadOnlyList<int> Counts { get; init; } = [1, 10, 100];

    internal void Validate(VectorSchema vector)
    {
        int dimension = vector.Dimension;
        Limit(Queries?.Count ?? Made, MaxQueries, "queries", "queries");
        Limit(Counts.Count, MaxCounts, "ks", "numbers of hits");
        foreach (int count in Counts)
        {
            Limit(count, MaxCount, "ks", "hits");
        }
        long bytes = (long)(Queries?.Count ?? Made) * dimension * sizeof(float);
        if (bytes > MaxQueryBytes)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "queries", $"The queries have {bytes} bytes, at most {MaxQueryBytes} are kept.",
                $"Use at most {MaxQueryBytes / (dimension * sizeof(float))} queries.");
        }
        for (int i = 0; i < Queries?.Count; i++)
        {
            Check(vector, Queries[i], $"queries[{i}]");
        }
    }

    private static void Check(VectorSchema vector, float[] query, string field)
    {
        if (query.Length != vector.Dimension)
        {
            throw new CollectionException(
                CollectionError.DimensionMismatch, field, $"The query has {query.Length} dimensions, vector \"{vector.Name}\" has {vector.Dimension}.",
                "Measure with whole vectors of the collection's encoder.");
        }
        VectorCheck.Values(vector.Metric, query, field);
    }

    private static void Limit(int value, int most, string field, string what)
    {
        if (value < 1 || value > most)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, field, $"{value} {what}: 1 to {most} are possible.", "Stay within the limit.");
        }
    }
}
