using SearchEngine.Evaluation.Diagnosing;

namespace SearchEngine.Server.Evaluation.Diagnosing;

/// <summary>What was found out about one item: the facts that decide, and the figures that show them.</summary>
internal sealed record Diagnosis(LossFacts Facts)
{
    /// <summary>Ranks by stage, in the order they ran.</summary>
    public List<Wire.StageRank> Ranks { get; } = [];

    /// <summary>In an exact search among what the filter lets through; 0 beyond what was looked at.</summary>
    public int CompetingRank { get; set; }

    /// <summary>Of the point itself; null where there is nothing to score.</summary>
    public float? Score { get; set; }

    public float? LeastScore { get; set; }

    /// <summary>Between the query as it came and what the encoder makes of its text.</summary>
    public float QueryCosine { get; set; }

    /// <summary>Between the stored vector and what the encoder makes of the stored text.</summary>
    public float DocumentCosine { get; set; }

    public Wire.TextUse? TextUse { get; set; }

    /// <summary>Why the search was refused for its vector's origin.</summary>
    public string? Refused { get; set; }

    public Wire.Fingerprint? Fingerprint { get; set; }

    public Wire.Hit? FirstHit { get; set; }

    public void Add(Wire.DiagnoseStage stage, Ranked ranked) =>
        Ranks.Add(new Wire.StageRank { Stage = stage, Rank = (uint)ranked.Rank, Score = ranked.Score });
}
