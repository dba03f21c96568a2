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
    /// <summary>Accepted rows, evenly spread over their order, that are scored before a walk over accepted rows, and how many of them,
    /// the nearest, join it.</summary>
    private const int Seeds = 16;
    private const int SeedsJoining = 4;

    private readonly CodeScorer _codes = codes;
    private readonly SignScorer _signs = signs;

    public LinkTable Links { get; } = links;

    /// <summary>Makes rows the starts of a walk.</summary>
    /// <param name="starts">With scores of codes.</param>
    public void Start<TGoal>(ReadOnlySpan<Candidate<int>> starts, WalkScratch scratch, ref TGoal goal)
        where TGoal : struct, IWalkGoal, allows ref struct
    {
        foreach (Candidate<int> start in starts)
        {
            scratch.Start(tier == WalkTier.Sign ? Descent.ScoreOne(_signs, start.Ordinal, scratch) : start, ref goal);
        }
    }

    /// <summary>Walks all rows towards accepted ones. Scores so few that estimates before the codes would spare little: the prefilter
    /// tier reads codes.</summary>
    public void Walk(AcceptBits accept, ref AcceptedRows goal, WalkScratch scratch, in StopRule stop)
    {
        var shell = new ShellExpansion(accept, scratch);
        if (tier == WalkTier.Sign)
        {
            GraphSearcher.Walk(_signs, ref shell, ref goal, Links, scratch, stop);
        }
        else
        {
            GraphSearcher.Walk(_codes, ref shell, ref goal, Links, scratch, stop);
        }
    }

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
    /// <param name="accepted">How many there are.</param>
    /// <param name="entry">Where to start, accepted or not.</param>
    public void WalkAccepted(AcceptBits accept, int accepted, uint entry, WalkScratch scratch, in StopRule stop)
    {
        if (tier == WalkTier.Sign)
        {
            WalkAccepted(_signs, accept, accepted, entry, scratch, stop);
        }
        else
        {
            WalkAccepted(_codes, accept, accepted, entry, scratch, stop);
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

    // Rows from everywhere in the filter: the walk reaches what is accepted although the filter avoids the query.
    private void WalkAccepted<TScorer>(
        in TScorer scorer, AcceptBits accept, int accepted, uint entry, WalkScratch scratch, in StopRule stop)
        where TScorer : struct, IRowScorer
    {
        Span<uint> seeds = stackalloc uint[Seeds];
        Span<Candidate<int>> starts = scratch.Starts.AsSpan(0, SeedsJoining);
        starts = starts[..NearestRows.Find(scorer, seeds[..accept.Spread(accepted, seeds)], scratch, starts)];
        var every = default(EveryRow);
        foreach (Candidate<int> start in starts)
        {
            scratch.Start(start, ref every);
        }
        var bridges = new BridgeExpansion(accept, scratch);
        bridges.Start(Links, entry, scratch.Queue);
        GraphSearcher.Walk(scorer, ref bridges, ref every, Links, scratch, stop);
    }
}
