using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The goal of a walk over all rows that wants accepted ones. The frontier holds both kinds, since the way to an accepted row
/// leads over others, and the walk goes on until it has expanded the breadth and found enough accepted rows: where few are
/// accepted it goes farther by itself. Costs one bit test per candidate.
/// </summary>
internal ref struct AcceptedRows : IWalkGoal
{
    /// <summary>Expansions between two looks at how many candidates lie before the last hit.</summary>
    private const int HopsPerLook = 12;

    private readonly AcceptBits _accept;
    private readonly WalkWatch _watch;
    private readonly int _breadth;
    private readonly int _enough;
    private readonly int _hits;
    private readonly HitReach _reach;
    private readonly int _patience;
    private readonly int _kept;
    private int _untilLook;
    private float _factor;

    /// <param name="accept">Accepted rows.</param>
    /// <param name="watch">Told when the walk gives up.</param>
    /// <param name="breadth">Candidates that are expanded in any case.</param>
    /// <param name="enough">Accepted rows for which more than the breadth is expanded.</param>
    /// <param name="hits">The frontier tracks the last of this many.</param>
    /// <param name="reach">The margin of the stop rule, which looks at that hit.</param>
    /// <param name="patience">Candidates before that hit at which the filter avoids the query and the walk gives up.</param>
    /// <param name="kept">Accepted rows that are kept at the end: a walk over estimates ranks each of them by its code.</param>
    public AcceptedRows(AcceptBits accept, WalkWatch watch, int breadth, int enough, int hits, HitReach reach, int patience, int kept)
    {
        _accept = accept;
        _watch = watch;
        _breadth = breadth;
        _enough = enough;
        _hits = hits;
        _reach = reach;
        _patience = patience;
        _kept = kept;
        _factor = reach.Near;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Offer(Frontier frontier, int score, uint ordinal) => frontier.Offer(score, ordinal, _accept.Contains(ordinal));

    public bool IsEnough(Frontier frontier)
    {
        if (--_untilLook <= 0 && frontier.TryGetLastHit(out _))
        {
            Look(frontier.CountBeforeLastHit());
        }
        return frontier.Hops >= _breadth && frontier.CountBeforeNext(out int hits) >= _breadth && hits >= _enough;
    }

    // What is found anyway is kept by the whole margin: 1-bit estimates order the hits too roughly for less.
    public readonly bool TryGetThreshold(Frontier frontier, in StopRule stop, out int threshold, out int kept)
    {
        threshold = kept = int.MinValue;
        if (stop.Hits != _hits || !frontier.TryGetLastHit(out int lastHit))
        {
            return false;
        }
        threshold = stop.Threshold(lastHit, _factor);
        kept = Math.Min(threshold, stop.Threshold(lastHit));
        return true;
    }

    public readonly void Finish(Frontier frontier) => frontier.FinishHits(_kept);

    private void Look(int before)
    {
        _untilLook = HopsPerLook;
        _factor = _reach.Factor(before, _hits);
        if (before > _patience)
        {
            _watch.GiveUp();
        }
    }
}
