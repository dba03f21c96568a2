namespace SearchEngine.Evaluation.Diagnosing;

/// <summary>
/// The stages that lost a document, the earliest first. A stage is blamed for what it does itself: a walk cannot be blamed for a
/// document that even an exact search ranks too low, nor the rerank model for one that never came to it.
/// </summary>
public static class LossVerdict
{
    /// <summary>Every stage at fault; empty where the search finds the document.</summary>
    public static IReadOnlyList<LossStage> Of(LossFacts facts)
    {
        if (!facts.IsInCorpus)
            return [LossStage.Corpus];
        if (!facts.IsInIndex)
            return facts.MatchesFilter ? [LossStage.Index] : [LossStage.Index, LossStage.Filter];
        return IsFound(facts) ? [] : [.. Encoding(facts), .. Finding(facts), .. Ordering(facts)];
    }

    private static bool IsFound(LossFacts facts) => facts.MatchesFilter && !facts.IsBelowThreshold
        && Reaches(facts.RerankedRank ?? facts.FoundRank, facts.Wanted);

    /// <summary>It, or the best of its components, would reach the next stage if nothing but the vectors decided.</summary>
    private static bool IsRankedHigh(LossFacts facts) => Reaches(facts.BestComponentRank ?? facts.ExactRank, facts.Candidates);

    // What is wrong with the vectors explains a low rank; of a high rank it is no explanation.
    private static IEnumerable<LossStage> Encoding(LossFacts facts)
    {
        if (IsRankedHigh(facts))
            yield break;
        if (facts.IsTruncated && facts.CutPartAnswers)
            yield return LossStage.Truncation;
        if (facts.Query == EncodingState.OtherSide || facts.Document == EncodingState.OtherSide)
            yield return LossStage.Side;
        if (facts.Query == EncodingState.Elsewhere || facts.Document == EncodingState.Elsewhere)
            yield return LossStage.Space;
    }

    private static IEnumerable<LossStage> Finding(LossFacts facts)
    {
        if (!IsRankedHigh(facts) && !Encoding(facts).Any())
            yield return LossStage.Model;
        var isMissed = IsRankedHigh(facts) && facts.WalkRank is { } walked && !Reaches(walked, facts.Candidates);
        var isMisjudged = isMissed && Reaches(facts.RescoredRank, facts.Candidates);
        if (isMissed && !isMisjudged)
            yield return LossStage.Graph;
        if (!facts.MatchesFilter)
            yield return LossStage.Filter;
        if (isMisjudged)
            yield return LossStage.Quantization;
    }

    private static IEnumerable<LossStage> Ordering(LossFacts facts)
    {
        if (facts.IsBelowThreshold)
            yield return LossStage.Threshold;
        if (facts.MatchesFilter && facts.BestComponentRank is not null && IsRankedHigh(facts) && !Reaches(facts.FoundRank, facts.Candidates))
            yield return LossStage.Fusion;
        if (facts.RerankedRank is { } reranked && !Reaches(reranked, facts.Wanted))
            yield return LossStage.Rerank;
    }

    private static bool Reaches(int? rank, int wanted) => rank > 0 && rank <= wanted;
}
