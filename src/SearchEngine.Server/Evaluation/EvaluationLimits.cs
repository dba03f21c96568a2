namespace SearchEngine.Server.Evaluation;

/// <summary>Limits of evaluations, as the contract states them, and of what a set of judgements may take.</summary>
internal static class EvaluationLimits
{
    public const int MaxNameBytes = 128;
    public const int MaxQueryIdBytes = 256;
    public const int MaxGroups = 16;
    public const int MaxGroupBytes = 64;

    /// <summary>Distinct groups of all queries of a set: they are listed in its summary.</summary>
    public const int MaxGroupsOfSet = 64;

    public const int MaxGrade = 1_000;
    public const int MaxQueries = 1_000_000;
    public const int MaxJudgements = 10_000_000;

    /// <summary>A set as it travels; in memory it takes a few times as much, while it is loaded or evaluated.</summary>
    public const long MaxSetBytes = 128L << 20;

    /// <summary>Sets of one collection and one sight of it.</summary>
    public const int MaxSets = 256;

    public const int MaxConfigurations = 16;
    public const int MaxConfigurationBytes = 64;
    public const int MaxMetrics = 32;
    public const int MaxCut = 1_000;
    public const int DefaultCut = 10;
    public const int MaxConcurrency = 256;
    public const int DefaultResamples = 1_000;
    public const int LeastResamples = 100;
    public const int MostResamples = 100_000;

    /// <summary>Resamples times queries: seconds of a processor for each metric of each group.</summary>
    public const long MostDraws = 1_000_000_000;

    public const float DefaultConfidence = 0.95f;
    public const float LeastConfidence = 0.5f;
    public const float MostConfidence = 0.999f;
    public const int DefaultRerankCandidates = 50;
    public const int MaxRerankCandidates = 1_000;

    /// <summary>Below it differences between configurations are mostly noise.</summary>
    public const int FewQueries = 100;
}
