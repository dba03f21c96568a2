namespace SearchEngine.Testing.Vectors;

/// <summary>
/// The parameters of a synthetic set that behaves like sentence embeddings: topics inside super-topics with Zipf sizes, a
/// power-law spectrum, a common mean, and queries that are distributed differently from documents. The steps stand in
/// <see cref="EmbeddingGenerator"/> and in the README of the benchmarks.
/// </summary>
public sealed record EmbeddingRecipe
{
    public required string Name { get; init; }

    public required int Count { get; init; }

    public required int Dim { get; init; }

    /// <summary>Dimensions of the space the topics live in, before the rotation to <see cref="Dim"/>.</summary>
    public required int Latent { get; init; }

    public required int Topics { get; init; }

    public int QueryCount { get; init; } = 2000;

    public ulong Seed { get; init; } = 20240601;

    public int SuperTopics { get; init; } = 64;

    public double ZipfSuper { get; init; } = 0.8;

    public double ZipfTopic { get; init; } = 0.7;

    /// <summary>Length of the offset common to all documents, before normalising.</summary>
    public double Mean { get; init; } = 0.45;

    public double SuperSpread { get; init; } = 0.5;

    public double TopicSpread { get; init; } = 0.45;

    public double DocumentSpread { get; init; } = 0.75;

    /// <summary>Standard deviation of the logarithm of a topic's own width.</summary>
    public double WidthDeviation { get; init; } = 0.25;

    /// <summary>Exponent of the spectrum: coordinate j of the latent space has scale (j+1)^-alpha.</summary>
    public double Alpha { get; init; } = 0.2;

    public double Noise { get; init; } = 0.3;

    /// <summary>
    /// How far a query lies from the document it was made from; 0.4 is in distribution, 1.0 far out of it.
    /// </summary>
    public double QuerySpread { get; init; } = 0.7;

    public double QueryShift { get; init; } = 0.25;

    /// <summary>Coordinates multiplied by 20 before normalising, as some encoders produce them.</summary>
    public int OutlierDimensions { get; init; }

    /// <summary>Standard deviation of the logarithm of the length; 0 keeps unit vectors.</summary>
    public double LengthDeviation { get; init; }

    /// <summary>Share of the documents that are exact copies of an earlier one.</summary>
    public double DuplicateShare { get; init; }

    public static IReadOnlyList<string> Names { get; } =
        ["emb768-200k", "emb128-1M", "emb384-500k", "emb768-20k", "emb128-50k"];

    /// <summary>One of the sets that measurements are quoted on, or null when there is none of that name.</summary>
    public static EmbeddingRecipe? Named(string name) => name switch
    {
        "emb768-200k" => new() { Name = name, Count = 200_000, Dim = 768, Latent = 96, Topics = 2_000 },
        "emb128-1M" => new() { Name = name, Count = 1_000_000, Dim = 128, Latent = 48, Topics = 10_000 },
        "emb384-500k" => new() { Name = name, Count = 500_000, Dim = 384, Latent = 80, Topics = 5_000 },
        "emb768-20k" => new() { Name = name, Count = 20_000, Dim = 768, Latent = 96, Topics = 200 },
        "emb128-50k" => new() { Name = name, Count = 50_000, Dim = 128, Latent = 48, Topics = 500 },
        _ => null,
    };

    public void Validate()
    {
        Require(Count >= 1, "a set without rows has no queries either");
        Require(Dim is >= 1 and <= 8192, "the engine stores 1 to 8192 dimensions");
        Require(Latent >= 1 && Latent <= Dim, "more latent than real dimensions have no orthonormal rotation");
        Require(Topics >= 1 && SuperTopics >= 1, "a document is drawn around a topic");
        Require(OutlierDimensions >= 0 && OutlierDimensions <= Dim, "only existing dimensions can be scaled");
        Require(DuplicateShare is >= 0 and < 1, "the first row cannot be a copy");
        Require((long)Count * Dim <= Array.MaxLength, "the rows must fit one array");
    }

    private static void Require(bool holds, string consequence)
    {
        if (!holds)
        {
            throw new ArgumentException($"Unusable recipe: {consequence}.");
        }
    }
}
