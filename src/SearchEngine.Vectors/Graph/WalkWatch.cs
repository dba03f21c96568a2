using SearchEngine.Vectors.Kernels;
using SearchEngine.Vectors.Quantization;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Ends a search early and lets an observer look on. Asked once per expansion and every few hundred rows of a scan; a walk
/// that nobody watches is compiled without it. One search at a time.
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

    public WalkWatch(WalkScratch scratch) => _scratch = scratch;

    /// <summary>Whether the caller wants anything of it.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether somebody wants to see candidates while they are found.</summary>
    public bool IsObserved => _observer is not null;

    /// <summary>Rows that the present phase may score before something else is cheaper.</summary>
    public long Budget { get; set; } = long.MaxValue;

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
        Budget = long.MaxValue;
        IsBudgetSpent = false;
        IsActive = _observer is not null || _ceiling != int.MaxValue || _cancel.CanBeCanceled;
        if (_observer is not null && _best.Length < wanted)
        {
            _best = new Candidate[wanted];
        }
    }

    /// <summary>Starts a phase that may score <paramref name="budget"/> rows.</summary>
    public void Allow(long budget)
    {
        Budget = budget;
        IsBudgetSpent = false;
        _next = _every;
    }

    /// <summary>Ends the phase as if its budget were spent.</summary>
    public void GiveUp() => IsBudgetSpent = true;

    /// <summary>Whether the search may go on.</summary>
    /// <param name="pool">The best so far; rows outside <paramref name="accept"/> are no hits.</param>
    /// <param name="accept">Accepted rows; empty when every row of the pool is.</param>
    /// <param name="scored">Rows scored by this phase.</param>
    /// <param name="steps">Expansions of this phase.</param>
    public bool MayGoOn(CandidatePool pool, AcceptBits accept, int scored, int steps)
    {
        if (scored >= Budget)
        {
            IsBudgetSpent = true;
            return false;
        }
        if (!IsActive)
        {
            return true;
        }
        if (!MayScore(scored, out int total))
        {
            return false;
        }
        if (_observer is not null && steps >= _next)
        {
            _next = steps + _every;
            Report(_observer, pool, accept, total);
        }
        return true;
    }

    /// <summary>Whether a scan of truth may go on.</summary>
    /// <param name="best">The best so far, with exact scores.</param>
    /// <param name="scored">Rows scored by this phase.</param>
    public bool MayGoOn(ReadOnlySpan<Candidate> best, int scored)
    {
        if (!IsActive)
        {
            return true;
        }
        if (!MayScore(scored, out int total))
        {
            return false;
        }
        if (_observer is not null && scored / RowsPerStep >= _next)
        {
            _next = scored / RowsPerStep + _every;
            _observer.Observe(best, total);
        }
        return true;
    }

    /// <summary>Whether neither a cancellation nor the ceiling ends the search.</summary>
    /// <param name="scored">Rows scored by this phase.</param>
    public bool MayScore(int scored) => MayScore(scored, out _);

    private bool MayScore(int scored, out int total)
    {
        SearchCounts counts = _scratch.Counts;
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

    private void Report(ISearchObserver observer, CandidatePool pool, AcceptBits accept, int scored)
    {
        int count = 0;
        for (int i = 0; i < pool.Count && count < _wanted; i++)
        {
            if (accept.IsEmpty || accept.Contains(pool.OrdinalAt(i)))
            {
                _best[count++] = new Candidate(pool.OrdinalAt(i), _scale.ToScore(pool.ScoreAt(i)));
            }
        }
        observer.Observe(_best.AsSpan(0, count), scored);
    }
}
