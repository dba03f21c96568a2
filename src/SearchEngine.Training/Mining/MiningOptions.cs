namespace SearchEngine.Training.Mining;

/// <summary>Which negatives are taken.</summary>
public sealed record MiningOptions
{
    /// <summary>Negatives of a query at most.</summary>
    public int Negatives { get; init; } = 8;

    /// <summary>Candidates that are looked at, nearest first.</summary>
    public int Depth { get; init; } = 50;

    /// <summary>The nearest of all are left out: without a reranker they are the likeliest to answer the query too.</summary>
    public int Skip { get; init; } = 2;

    /// <summary>A candidate is taken for a false negative unless the reranker scores it at least this much below the positive.</summary>
    public float Margin { get; init; } = 0.5f;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (Negatives < 1 || Skip < 0 || Depth < Negatives + Skip || Depth > 1000 || Threads < 1 || Margin < 0)
        {
            throw new ArgumentException(
                $"{Negatives} negatives, {Skip} left out, depth {Depth}, margin {Margin}, {Threads} threads: take at least one negative and one "
                + "thread, a margin of 0 or more, and a depth up to 1,000 that holds the negatives and those left out.");
        }
    }
}
