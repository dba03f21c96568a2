using SearchEngine.Testing;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

/// <summary>A small segment built from a seeded set and published to a directory of its own.</summary>
public sealed class SampleSegment : IDisposable
{
    private readonly TempDirectory _parent = new();

    public SampleSegment(Metric metric = Metric.Cosine, int count = 3000, int dim = 64, int threads = 2, ulong seed = 1, WalkTier? tier = null, int[]? prefixes = null)
    {
        EmbeddingRecipe recipe = new()
        {
            Name = "sample",
            Count = count,
            Dim = dim,
            Latent = Math.Min(dim, 16),
            Topics = 30,
            QueryCount = 40,
            Seed = seed,
            LengthDeviation = metric == Metric.Cosine ? 0 : 0.3,
        };
        var generator = new EmbeddingGenerator(recipe);
        Rows = generator.Documents();
        Queries = generator.Queries();
        Built = VectorSegment.Build(
            new FloatRowSource(Rows.Values, Rows.Dim),
            new SegmentOptions { Metric = metric, Threads = threads, BuildBreadth = 64, Tier = tier, PrefixDimensions = prefixes ?? [] });
        Directory = _parent.File("segment");
        SegmentFiles.Write(Directory, Built.Parts);
    }

    public static TheoryData<Metric, WalkTier> MetricsAndTiers
    {
        get
        {
            var all = new TheoryData<Metric, WalkTier>();
            foreach (Metric metric in Enum.GetValues<Metric>())
            {
                foreach (WalkTier tier in Enum.GetValues<WalkTier>())
                {
                    all.Add(metric, tier);
                }
            }

            return all;
        }
    }

    public FloatMatrix Rows { get; }

    public FloatMatrix Queries { get; }

    /// <summary>The segment in memory, as it was before it was written.</summary>
    public VectorSegment Built { get; }

    public string Directory { get; }

    public string[] FileNames => [.. System.IO.Directory.EnumerateFiles(Directory).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public VectorSegment Open(Residency residency = Residency.OnDemand, Verification verification = Verification.Headers) => new(
        SegmentFiles.Open(Directory, new SegmentOpenOptions { Residency = residency, Verification = verification }));

    public static Candidate[] Search(VectorSegment segment, ReadOnlySpan<float> query, int k = 10, int breadth = 60)
    {
        using VectorSearcher searcher = segment.CreateSearcher();
        var hits = new Candidate[k];
        int count = searcher.Search(query, new SearchOptions { Breadth = breadth }, hits);
        return hits[..count];
    }

    public void Damage(string file, long offset, byte mask)
    {
        using var stream = new FileStream(Path.Combine(Directory, file), FileMode.Open, FileAccess.ReadWrite);
        stream.Position = offset;
        int value = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(value ^ mask));
    }

    public void Dispose()
    {
        Built.Dispose();
        _parent.Dispose();
    }
}
