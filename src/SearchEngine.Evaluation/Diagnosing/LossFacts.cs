namespace SearchEngine.Evaluation.Diagnosing;

/// <summary>
/// What was found out about one query and the document it should find. Ranks count from 1; 0 says that it was looked for and not
/// found, null that nobody looked.
/// </summary>
public sealed record LossFacts
{
    /// <summary>How many hits the caller looks at.</summary>
    public required int Wanted { get; init; }

    /// <summary>How many hits the first stage hands on: those wanted, or what the rerank model is given.</summary>
    public required int Candidates { get; init; }

    public bool IsInCorpus { get; init; } = true;

    public bool IsInIndex { get; init; } = true;

    /// <summary>Its text was cut before encoding.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The part that was cut off would rank high enough by itself.</summary>
    public bool CutPartAnswers { get; init; }

    public EncodingState Query { get; init; }

    public EncodingState Document { get; init; }

    /// <summary>In an exact search among the documents of the filter, it being let in whether or not it matches.</summary>
    public int? ExactRank { get; init; }

    public bool MatchesFilter { get; init; } = true;

    /// <summary>In the search as it was asked for, before reranking and without the least score.</summary>
    public int? FoundRank { get; init; }

    /// <summary>In the same search, without the filter where the filter excludes it.</summary>
    public int? WalkRank { get; init; }

    /// <summary>As <see cref="WalkRank"/>, with many more candidates scored from their stored vectors.</summary>
    public int? RescoredRank { get; init; }

    /// <summary>Its score is below the least one that was asked for.</summary>
    public bool IsBelowThreshold { get; init; }

    /// <summary>The best of its ranks in the components of a fused search.</summary>
    public int? BestComponentRank { get; init; }

    /// <summary>After the rerank model.</summary>
    public int? RerankedRank { get; init; }
}
