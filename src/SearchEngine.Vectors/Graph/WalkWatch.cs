using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Ends a search early and lets an observer look on. Asked once per expansion and every few hundred rows of a scan. One search
/// at a time.
/// </summary>
internal sealed class WalkWatch
{
    /// <summary>Scanned rows that count as one expansion.</summary>
    public const int RowsPerStep = 100;

    private readonly WalkScratch _scratch;
    private Candidate[] _best = [];
    private CancellationToken _cancel;
    private ISearchObserver? _observer;
    private ScoreScale _scale;
    private int _ceiling;
    private int _every;
    private int _next;
    private int _wanted;
    private bool _isActive;
    private float _bestShown;

    /// <summary>Rows that the present phase may score before something else is cheaper.</summary>
    private long _budget = long.MaxValue;

    public WalkWatch(WalkScratch scratch) => _scratch = scratch;

    /// <summary>Whether nobody looks on and nothing ends the phase early.</summary>
    public bool IsIdle { get; private set; } = true;

    /// <summary>Whether the phase ended because of its budget.</summary>
    public bool IsBudgetSpent { get; private set; }

    public bool IsEnded => _scratch.Counts.End != SearchEnd.Complete;

    public void Start(in SearchOptions options, in ScoreScale scale, int wanted)
    {
        _cancel = options.Cancel;
        _ceiling = options.MaxScored > 0 ? options.MaxScored : int.MaxValue;
        _observer = options.Observer;
        _every = Math.Max(1, options.ObserveEvery);
        _next = _every;
        _scale = scale;
        _wanted = wanted;
        _bestShown = float.NegativeInfinity;
        _isActive = _observer is not null || _ceiling != int.MaxValue || _cancel.CanBeCanceled;
        Allow(long.MaxValue);
        if (_observer is not null && _best.Length < wanted)
        {
            _best = new Candidate[wanted];
        }
    }

    /// <summary>Starts a phase that may score <paramref name="budget"/> rows.</summary>
    public void Allow(long budget)
    {
        _budget = budget;
        IsBudgetSpent = false;
        IsIdle = !_isActive && budget == long.MaxValue;
        _next = _every;
    }

    /// <summary>Ends the phase as if its budget were spent.</summary>
    public void GiveUp() => (IsBudgetSpent, IsIdle) = (true, false);

    /// <summary>Whether a walk may go on.</summary>
    /// <param name="frontier">What it has found so far.</param>
    /// <param name="scored">Rows scored by this phase.</param>
    /// <param name="hops">Expansions of this phase.</param>
    public bool MayGoOn(Frontier frontier, int scored, int hops)
    {
        if (scored >= _budget || IsBudgetSpent)
        {
            IsBudgetSpent = true;
            return false;
        }
        if (!MayScore(scored, out int total))
        {
            return false;
        }
        if (IsToReport(hops))
        {
            CandidatePool best = _scratch.Best;
            best.Reset(_wanted);
            OfferHits(best, frontier.Entries);
            OfferHits(best, frontier.Front);
            OfferHits(best, frontier.Rest);
            Report(best, total);
        }
        return true;
    }

    /// <summary>Whether a scan of codes may go on.</summary>
    /// <param name="best">The best so far.</param>
    /// <param name="scored">Rows scored by this phase.</param>
    /// <param name="steps">Hundreds of rows looked at.</param>
    public bool MayGoOn(CandidatePool best, int scored, int steps)
    {
        if (!MayScore(scored, out int total))
        {
            return false;
        }
        if (IsToReport(steps))
        {
            Report(best, total);
        }
        return true;
    }

    /// <summary>Whether a scan of truth may go on.</summary>
    /// <param name="best">The best so far, with exact scores.</param>
    /// <param name="scored">Rows scored by this phase.</param>
    public bool MayGoOn(ReadOnlySpan<Candidate> best, int scored)
    {
        if (!MayScore(scored, out int total))
        {
            return false;
        }
        if (IsToReport(scored / RowsPerStep))
        {
            Report(best, total);
        }
        return true;
    }

    private static void OfferHits(CandidatePool best, ReadOnlySpan<long> entries)
    {
        foreach (long entry in entries)
        {
            if (Entry.IsHit(entry))
            {
                best.OfferIfBetter(Entry.ScoreOf(entry), Entry.OrdinalOf(entry));
            }
        }
    }

    private bool MayScore(int scored, out int total)
    {
        ref readonly SearchCounts counts = ref _scratch.Counts;
        total = (int)Math.Min(int.MaxValue, (long)counts.Scored + counts.Estimated + counts.Rescored + scored);
        if (_cancel.IsCancellationRequested)
        {
            _scratch.Counts.End = SearchEnd.Cancelled;
            return false;
        }
        if (total >= _ceiling)
        {
            _scratch.Counts.End = SearchEnd.WorkCeiling;
            return false;
        }
        return true;
    }

    private bool IsToReport(int steps)
    {
        if (_observer is null || steps < _next)
        {
            return false;
        }
        _next = steps + _every;
        return true;
    }

    private void Report(CandidatePool pool, int scored)
    {
        int count = Math.Min(pool.Count, _wanted);
        for (int i = 0; i < count; i++)
        {
            _best[i] = new Candidate(pool.OrdinalAt(i), _scale.ToScore(pool.ScoreAt(i)));
        }
        Report(_best.AsSpan(0, count), scored);
    }

    // A scan after a walk begins anew; until it has caught up there is nothing to show.
    private void Report(ReadOnlySpan<Candidate> best, int scored)
    {
        if (best.Length > 0 && best[0].Score >= _bestShown)
        {
            _bestShown = best[0].Score;
            _observer!.Observe(best, scored);
        }
    }
}
