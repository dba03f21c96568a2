namespace SearchEngine.Training;

/// <summary>How a model is trained. The same options, texts and seed give the same files, whatever the number of threads.</summary>
public sealed record TrainingOptions
{
    /// <summary>Pieces of the tokenizer at most; a small corpus has fewer.</summary>
    public int Vocabulary { get; init; } = 16_000;

    /// <summary>Elements of the full vector; 64 and 128 are offered as shorter ones where they are shorter.</summary>
    public int Dimension { get; init; } = 256;

    public ulong Seed { get; init; } = 1;

    public TrainingPurpose Purpose { get; init; } = TrainingPurpose.OwnCorpus;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Steps of the encoder; null chooses by the size of the corpus.</summary>
    public int? Steps { get; init; }

    /// <summary>Pairs in a step; each query has the others' documents as its negatives.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Cosines are divided by it: lower sharpens towards the one right document, higher keeps what is merely related.</summary>
    public float Temperature { get; init; } = 0.15f;

    /// <summary>
    /// Training ends at the next judgement after this time. Where it does, another machine may give another model; null for the
    /// same files everywhere.
    /// </summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Longest input of the exported model in tokens.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>Name in the encoder's descriptor; the reranker's has "-reranker" behind it. Empty names them by their folders.</summary>
    public string Name { get; init; } = "";

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        const int LeastVocabulary = 64, MostVocabulary = 200_000, MostDimension = 1024, Multiple = 32, MostBatch = 4096;
        Check(Vocabulary is >= LeastVocabulary and <= MostVocabulary, nameof(Vocabulary), Vocabulary, $"{LeastVocabulary} to {MostVocabulary}");
        Check(
            Dimension is >= Multiple and <= MostDimension && Dimension % Multiple == 0, nameof(Dimension), Dimension,
            $"a multiple of {Multiple} up to {MostDimension}");
        Check(Threads >= 1, nameof(Threads), Threads, "at least 1");
        Check(Steps is null or >= 0, nameof(Steps), Steps ?? 0, "not negative");
        Check(Batch is >= 2 and <= MostBatch, nameof(Batch), Batch, $"2 to {MostBatch}");
        Check(Temperature is > 0 and <= 1, nameof(Temperature), Temperature, "above 0, up to 1");
        Check(MaxTokens is >= 16 and <= 8192, nameof(MaxTokens), MaxTokens, "16 to 8192");
    }

    private static void Check<T>(bool isRight, string name, T value, string range)
    {
        if (!isRight)
            throw new ArgumentException($"{name} is {value}; it has to be {range}.", name);
    }
}
