using SearchEngine.Evaluation.Diagnosing;
using Xunit;

namespace SearchEngine.Evaluation.Tests;

/// <summary>Every fault planted alone, in pairs, and not at all.</summary>
public sealed class LossVerdictTests
{
    private const int Wanted = 10;

    private static readonly LossFacts Healthy = new() { Wanted = Wanted, Candidates = Wanted, ExactRank = 3, WalkRank = 3, RescoredRank = 3, FoundRank = 3 };

    private static readonly LossFacts LowRanked = Healthy with { ExactRank = 40, WalkRank = 0, RescoredRank = 0, FoundRank = 0 };

    private static readonly LossFacts Missed = Healthy with { WalkRank = 0, RescoredRank = 0, FoundRank = 0 };

    private static readonly LossFacts Reranked = Healthy with { Candidates = 50, ExactRank = 30, WalkRank = 30, FoundRank = 30 };

    private static readonly Dictionary<LossStage, LossFacts> Faults = new()
    {
        [LossStage.Corpus] = Healthy with { IsInCorpus = false, ExactRank = null, WalkRank = null, FoundRank = null },
        [LossStage.Index] = Healthy with { IsInIndex = false, ExactRank = null, WalkRank = null, FoundRank = 0 },
        [LossStage.Truncation] = LowRanked with { IsTruncated = true, CutPartAnswers = true },
        [LossStage.Side] = LowRanked with { Query = EncodingState.OtherSide, Document = EncodingState.Right },
        [LossStage.Space] = LowRanked with { Document = EncodingState.Elsewhere },
        [LossStage.Model] = LowRanked with { Query = EncodingState.Right, Document = EncodingState.Right },
        [LossStage.Graph] = Missed,
        [LossStage.Filter] = Healthy with { MatchesFilter = false, FoundRank = 0 },
        [LossStage.Quantization] = Missed with { RescoredRank = 3 },
        [LossStage.Threshold] = Healthy with { IsBelowThreshold = true },
        [LossStage.Fusion] = Healthy with { ExactRank = null, WalkRank = null, BestComponentRank = 4, FoundRank = 12 },
        [LossStage.Rerank] = Reranked with { RerankedRank = 14 },
    };

    public static TheoryData<LossStage> Stages() => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_fault_alone_is_the_only_stage_named(LossStage stage) => Assert.Equal([stage], LossVerdict.Of(Faults[stage]));

    [Fact]
    public void A_document_that_is_found_has_no_verdict()
    {
        Assert.Empty(LossVerdict.Of(Healthy));
        Assert.Empty(LossVerdict.Of(Reranked with { RerankedRank = 2 }));
        Assert.Empty(LossVerdict.Of(LowRanked with { FoundRank = 10 }));
    }

    [Fact]
    public void Of_two_faults_the_earlier_stage_is_named_first()
    {
        Assert.Equal([LossStage.Truncation, LossStage.Filter], LossVerdict.Of(Faults[LossStage.Truncation] with { MatchesFilter = false }));
        Assert.Equal([LossStage.Side, LossStage.Filter], LossVerdict.Of(Faults[LossStage.Side] with { MatchesFilter = false }));
        Assert.Equal([LossStage.Model, LossStage.Filter], LossVerdict.Of(Faults[LossStage.Model] with { MatchesFilter = false }));
        Assert.Equal([LossStage.Graph, LossStage.Filter], LossVerdict.Of(Missed with { MatchesFilter = false }));
        Assert.Equal([LossStage.Filter, LossStage.Quantization], LossVerdict.Of(Faults[LossStage.Quantization] with { MatchesFilter = false }));
        Assert.Equal([LossStage.Index, LossStage.Filter], LossVerdict.Of(Faults[LossStage.Index] with { MatchesFilter = false }));
        Assert.Equal([LossStage.Threshold, LossStage.Rerank], LossVerdict.Of(Faults[LossStage.Rerank] with { IsBelowThreshold = true }));
    }

    [Fact]
    public void A_text_that_was_cut_is_not_blamed_where_the_part_that_was_read_is_the_better_one() =>
        Assert.Equal([LossStage.Model], LossVerdict.Of(LowRanked with { IsTruncated = true, CutPartAnswers = false }));

    [Fact]
    public void A_walk_is_not_blamed_for_what_an_exact_search_would_lose_too() =>
        Assert.DoesNotContain(LossStage.Graph, LossVerdict.Of(LowRanked));
}
