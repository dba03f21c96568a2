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
    private int _untilLook;
    private float _factor;

    /// <param name="accept">Accepted rows.</param>
    /// <param name="watch">Told when the walk gives up.</param>
    /// <param name="breadth">Candidates that are expanded in any case.</param>
    /// <param name="enough">Accepted rows for which more than the breadth is expanded.</param>
    /// <param name="hits">The stop rule looks at this hit; 0 when it does not.</param>
    /// <param name="reach">Its margin.</param>
    /// <param name="patience">Candidates before that hit at which the filter avoids the query and the walk gives up.</param>
    public AcceptedRows(AcceptBits accept, WalkWatch watch, int breadth, int enough, int hits, HitReach reach, int patience)
    {
        _accept = accept;
        _watch = watch;
        _breadth = breadth;
        _enough = enough;
        _hits = hits;
        _reach = reach;
        _patience = patience;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Offer(Frontier frontier, int score, uint ordinal) => frontier.Offer(score, ordinal, _accept.Contains(ordinal));

    public readonly bool IsEnough(Frontier frontier) =>
        frontier.Hops >= _breadth && frontier.CountBeforeNext(out int hits) >= _breadth && hits >= _enough;

    public bool TryGetThreshold(Frontier frontier, in StopRule stop, out int threshold)
    {
        if (!frontier.TryGetLastHit(out int lastHit))
        {
            threshold = int.MinValue;
            return false;
        }
        if (--_untilLook <= 0)
        {
            int position = frontier.CountBeforeLastHit();
            if (position > _patience)
            {
                _watch.GiveUp();
            }
            (_untilLook, _factor) = (HopsPerLook, _reach.Factor(position, _hits));
        }
        threshold = stop.Threshold(lastHit, _factor);
        return true;
    }

    public readonly void Finish(Frontier frontier) => frontier.KeepHits();
}
