using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The policy of a walk over all rows that wants accepted ones. The pool holds both kinds, since the way to an accepted row
/// leads over others, and grows until it holds the breadth and enough accepted rows: where few are accepted the walk goes
/// farther by itself. Costs one bit test per candidate kept.
/// </summary>
internal ref struct AcceptedRows : IWalkPolicy
{
    private readonly AcceptBits _accept;
    private readonly WalkWatch _watch;
    private readonly int _breadth;
    private readonly int _enough;
    private readonly int _most;
    private readonly int _hits;
    private readonly HitReach _reach;
    private readonly int _patience;
    private int _accepted;
    private float _factor;

    /// <summary>Where the last wanted hit is in the pool; -1 while there are fewer.</summary>
    private int _lastHit;

    /// <param name="accept">Accepted rows.</param>
    /// <param name="watch">Ends the walk.</param>
    /// <param name="pool">Holds the starts of the walk; room for one more than <paramref name="most"/>.</param>
    /// <param name="breadth">Candidates that are kept in any case.</param>
    /// <param name="enough">Accepted rows for which more than the breadth is kept.</param>
    /// <param name="most">Candidates that are kept at most.</param>
    /// <param name="hits">The stop rule looks at this hit; 0 when it does not.</param>
    /// <param name="reach">Its margin.</param>
    /// <param name="patience">Candidates before that hit at which the filter avoids the query and the walk gives up.</param>
    public AcceptedRows(
        AcceptBits accept, WalkWatch watch, CandidatePool pool, int breadth, int enough, int most, int hits, HitReach reach, int patience)
    {
        _accept = accept;
        _watch = watch;
        _breadth = breadth;
        _enough = enough;
        _most = most;
        _hits = hits;
        _reach = reach;
        _patience = patience;
        _lastHit = -1;
        for (int i = 0; i < pool.Count; i++)
        {
            _accepted += accept.Contains(pool.OrdinalAt(i)) ? 1 : 0;
        }
        FindLastHit(pool);
    }

    public readonly bool MayExpand(CandidatePool pool, int scored, int hops)
    {
        if (_lastHit > _patience)
        {
            _watch.GiveUp();
            return false;
        }
        return _watch.MayGoOn(pool, _accept, scored, hops);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Kept(CandidatePool pool, int position, uint ordinal, int bound)
    {
        bool accepted = _accept.Contains(ordinal);
        _accepted += accepted ? 1 : 0;
        if (position <= _lastHit)
        {
            MoveLastHit(pool, accepted);
        }
        else if (_lastHit < 0 && _accepted >= _hits)
        {
            FindLastHit(pool);
        }
        if (pool.Count <= _breadth)
        {
            return pool.Count == _breadth && _accepted >= _enough ? Math.Max(bound, pool.WorstScore) : bound;
        }
        return Shorten(pool, bound);
    }

    public readonly bool TryGetThreshold(CandidatePool pool, in StopRule stop, out int threshold)
    {
        threshold = _lastHit >= 0 ? stop.Threshold(pool.ScoreAt(_lastHit), _factor) : int.MinValue;
        return _lastHit >= 0;
    }

    // Drops from the end what neither the breadth nor the accepted rows need.
    private int Shorten(CandidatePool pool, int bound)
    {
        while (pool.Count > _breadth)
        {
            int last = _accept.Contains(pool.OrdinalAt(pool.Count - 1)) ? 1 : 0;
            if (_accepted - last < _enough && pool.Count <= _most)
            {
                break;
            }
            _accepted -= last;
            pool.DropLast();
        }
        if (_lastHit >= pool.Count)
        {
            // The pool is at its end before so many hits were found.
            _lastHit = -1;
        }
        bool full = pool.Count >= _most || (pool.Count >= _breadth && _accepted >= _enough);
        return full ? Math.Max(bound, pool.WorstScore) : bound;
    }

    // A candidate came before it: the hit moved on by one, and is no longer the last wanted if that one is a hit as well.
    private void MoveLastHit(CandidatePool pool, bool accepted)
    {
        _lastHit++;
        if (accepted)
        {
            do
            {
                _lastHit--;
            }
            while (!_accept.Contains(pool.OrdinalAt(_lastHit)));
        }
        _factor = _reach.Factor(_lastHit, _hits);
    }

    private void FindLastHit(CandidatePool pool)
    {
        int hits = 0;
        for (int i = 0; i < pool.Count && _hits > 0 && _accepted >= _hits; i++)
        {
            hits += _accept.Contains(pool.OrdinalAt(i)) ? 1 : 0;
            if (hits == _hits)
            {
                _lastHit = i;
                _factor = _reach.Factor(_lastHit, _hits);
                return;
            }
        }
    }
}
