using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// A filter before the codes: unvisited neighbours first wait for their 1-bit records, and only those whose upper bound lets
/// them matter go on to be scored.
/// </summary>
internal struct EstimateExpansion<TEstimator>(TEstimator estimator, WalkScratch scratch) : IExpansion
    where TEstimator : struct, IRowEstimator
{
    private readonly FlowQueue _estimates = scratch.SecondQueue;
    private readonly VisitedSet _visited = scratch.Visited;
    private readonly TEstimator _estimator = estimator;

    public readonly bool HasWaiting => _estimates.Count > 0;

    public readonly bool IsDue => _estimates.Count >= _estimator.Ahead;

    public int Estimated { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Open(in LinkTable links, uint ordinal, FlowQueue queue)
    {
        int waiting = _estimates.Count;
        _estimates.AppendUnvisited(links, ordinal, _visited);
        for (; waiting < _estimates.Count; waiting++)
        {
            _estimator.Prefetch(_estimates.At(waiting));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(in LinkTable links, int bound, FlowQueue queue)
    {
        ScoreGroup highs = _estimates.Scores;
        RowGroup four = _estimates.TakeFour(out int taken);
        Estimated += taken;
        _estimator.Bound(four, highs);
        for (int i = 0; i < taken; i++)
        {
            if (highs[i] > bound)
            {
                queue.Append(four[i]);
            }
        }
    }
}
