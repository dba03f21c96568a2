using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>What a search reads of a segment, immutable or live, for one query; chooses the walk of the tier.</summary>
/// <param name="codes">Scores the int8 codes.</param>
/// <param name="signs">Scores the 1-bit records; default where the tier does not read them.</param>
/// <param name="links">Level 0.</param>
/// <param name="tier">What walks read.</param>
internal readonly ref struct SearchSpace(CodeScorer codes, SignScorer signs, LinkTable links, WalkTier tier)
{
    private readonly CodeScorer _codes = codes;
    private readonly SignScorer _signs = signs;

    public LinkTable Links { get; } = links;

    /// <summary>Makes where the descent ended the start of a walk.</summary>
    public void Start<TGoal>(Candidate<int> entry, WalkScratch scratch, ref TGoal goal)
        where TGoal : struct, IWalkGoal, allows ref struct =>
        scratch.Start(tier == WalkTier.Sign ? Descent.ScoreOne(_signs, entry.Ordinal, scratch) : entry, ref goal);

    /// <summary>Walks all rows.</summary>
    public void Walk<TGoal>(ref TGoal goal, WalkScratch scratch, in StopRule stop)
        where TGoal : struct, IWalkGoal, allows ref struct
    {
        var every = new LinkExpansion(scratch.Visited);
        switch (tier)
        {
            case WalkTier.Code:
                GraphSearcher.Walk(_codes, ref every, ref goal, Links, scratch, stop);
                break;
            case WalkTier.Prefilter:
                var estimated = new EstimateExpansion<SignScorer>(_signs, scratch);
                GraphSearcher.Walk(_codes, ref estimated, ref goal, Links, scratch, stop);
                break;
            default:
                GraphSearcher.Walk(_signs, ref every, ref goal, Links, scratch, stop);
                break;
        }
    }

    /// <summary>Walks accepted rows only, over bridges.</summary>
    public void WalkAccepted(AcceptBits accept, uint entry, WalkScratch scratch, in StopRule stop)
    {
        var bridges = new BridgeExpansion(accept, scratch);
        var every = default(EveryRow);
        bridges.Start(Links, entry, scratch.Queue);
        if (tier == WalkTier.Sign)
        {
            GraphSearcher.Walk(_signs, ref bridges, ref every, Links, scratch, stop);
        }
        else
        {
            GraphSearcher.Walk(_codes, ref bridges, ref every, Links, scratch, stop);
        }
    }

    /// <summary>Chooses what is rescored of what a walk found. All of it is ranked by codes where estimates found it: they order it too
    /// roughly, and cutting before the codes caps recall.</summary>
    public void Shorten(WalkScratch scratch, int most)
    {
        if (tier == WalkTier.Sign)
        {
            Shortlist.Rank(_codes, scratch.Frontier.Entries, scratch, most);
        }
        else
        {
            Shortlist.Take(scratch.Frontier.Entries, scratch, most);
        }
    }
}
