using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The expansion of a walk over all rows that wants accepted ones. Up to the last wanted hit every neighbour is scored, since the
/// way to an accepted row leads over others; behind that hit only missed hits are sought, and there a row that is not accepted is
/// neither one nor likely to lead to one.
/// </summary>
internal readonly ref struct ShellExpansion : IExpansion
{
    /// <summary>Candidates behind the last hit lead to few rows each: their link rows have to be fetched several at a time.</summary>
    private const int Ahead = 6;
    private const int AtOnce = 3;

    private readonly AcceptBits _accept;
    private readonly VisitedSet _visited;
    private readonly Frontier _frontier;
    private readonly FlowQueue _waiting;

    public ShellExpansion(AcceptBits accept, WalkScratch scratch)
    {
        _accept = accept;
        _visited = scratch.Visited;
        _frontier = scratch.Frontier;
        _waiting = scratch.SecondQueue;
    }

    public bool HasWaiting => _waiting.Count > 0;

    public bool IsDue => _waiting.Count >= Ahead;

    public int Estimated => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Open(in LinkTable links, uint ordinal, FlowQueue queue)
    {
        if (_frontier.IsTakenBehindLastHit)
        {
            _waiting.Append(ordinal);
        }
        else
        {
            queue.AppendUnvisited(links, ordinal, _visited);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance(in LinkTable links, int bound, FlowQueue queue)
    {
        int before = queue.Count;
        for (int i = Math.Min(AtOnce, _waiting.Count); i > 0; i--)
        {
            queue.AppendAccepted(links, _waiting.TakeOne(), _accept);
        }
        queue.DropVisited(before, _visited);
    }
}
