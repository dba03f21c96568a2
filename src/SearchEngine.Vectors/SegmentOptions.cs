namespace SearchEngine.Vectors;

/// <summary>What a walk reads to rank rows; truth is read for rescoring only.</summary>
public enum WalkTier
{
    /// <summary>int8 codes.</summary>
    Code,

    /// <summary>1-bit records drop rows that cannot matter, int8 codes rank the rest.</summary>
    Prefilter,

    /// <summary>1-bit records alone; int8 codes rank the pool once at the end.</summary>
    Sign,
}

/// <summary>How a segment is built. The same options, seed and rows give the same segment on any number of threads.</summary>
public sealed record SegmentOptions
{
    public const int MaxDimension = 8192;

    public Metric Metric { get; init; } = Metric.Cosine;

    /// <summary>M: links of a row on the upper levels, half of the links on level 0. FAISS 32, hnswlib 16.</summary>
    public int MaxLinks { get; init; } = 16;

    /// <summary>efConstruction: candidates looked at per inserted row. hnswlib 200.</summary>
    public int BuildBreadth { get; init; } = 200;

    public ulong Seed { get; init; } = 1;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Matryoshka prefixes at which a search may walk or rescore, ascending, without the whole dimension.</summary>
    public IReadOnlyList<int> PrefixDimensions { get; init; } = [];

    /// <summary>
    /// What exact rows are stored as; null chooses Float16, or Float32 where halves do not serve. Int8 is for rows that are
    /// signed bytes already, whole numbers from -128 to 127: they are their own codes, so a walk ranks as truth does and a
    /// segment takes two bytes a coordinate; 1-bit tiers do not apply.
    /// </summary>
    public ElementType? Truth { get; init; }

    /// <summary>Tier that searches use unless they say otherwise; null lets calibration choose.</summary>
    public WalkTier? Tier { get; init; }

    public void Validate(int dimension)
    {
        if (dimension is < 1 or > MaxDimension)
        {
            throw new ArgumentException($"Dimension {dimension}: rows have 1 to {MaxDimension} coordinates; code arithmetic is exact only up to there.");
        }
        if (MaxLinks is not (8 or 16 or 24 or 32))
        {
            throw new ArgumentException($"MaxLinks {MaxLinks}: link rows are whole cache lines, so 8, 16, 24 or 32; fewer would turn the graph into a rope.");
        }
        if (BuildBreadth < MaxLinks)
        {
            throw new ArgumentException($"BuildBreadth {BuildBreadth} finds fewer candidates than the {MaxLinks} links of a row.");
        }
        if (Truth is not (null or ElementType.Float16 or ElementType.Float32 or ElementType.Int8))
        {
            throw new ArgumentException($"Truth {Truth}: exact rows are stored as Float16, Float32 or Int8.");
        }
        if (Threads < 1)
        {
            throw new ArgumentException($"Threads {Threads}: someone must build.");
        }
        int last = 0;
        foreach (int cut in PrefixDimensions)
        {
            if (cut % 32 != 0)
            {
                throw new ArgumentException($"PrefixDimensions are multiples of 32, {cut} is not: kernels read whole groups of 32 coordinates.");
            }
            if (cut <= last || cut >= dimension)
            {
                throw new ArgumentException($"PrefixDimensions rise strictly and stay below the dimension {dimension}; {cut} does not.");
            }
            last = cut;
        }
    }
}
