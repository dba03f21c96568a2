using System.Runtime.CompilerServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// The expansion of a walk over the rows that a filter accepts. A neighbour that is not accepted is a bridge: it is never
/// scored, but its own accepted neighbours are (two-hop expansion, ACORN-1, arXiv 2403.04871), so the walk does not fall apart
/// where the filter is thin. Bounded work per candidate; where few rows are accepted the planner scans instead.
/// </summary>
internal readonly ref struct BridgeExpansion : IExpansion
{
    /// <summary>How many accepted rows lie behind one bridge is unpredictable, behind four less so.</summary>
    private const int BridgesAtOnce = 4;

    /// <summary>Link rows of bridges in flight.</summary>
    private const int BridgesAhead = 12;

    private readonly AcceptBits _accept;
    private readonly VisitedSet _visited;
    private readonly VisitedSet _crossed;
    private readonly FlowQueue _bridges;

    public BridgeExpansion(AcceptBits accept, WalkScratch scratch)
    {
        _accept = accept;
        _visited = scratch.Visited;
        _crossed = scratch.Crossed;
        _bridges = scratch.SecondQueue;
    }

    public bool HasWaiting => _bridges.Count > 0;

    public bool IsDue => _bridges.Count >= BridgesAhead;

    public int Estimated => 0;

    /// <summary>Share of the rows behind the first <paramref name="most"/> links of <paramref name="center"/> that are accepted.</summary>
    public static double LocalShare(in LinkTable links, uint center, AcceptBits accept, int most)
    {
        int seen = 0, accepted = 0;
        ReadOnlySpan<uint> around = links.Links(center);
        around = around[..Math.Min(around.Length, most)];
        foreach (uint near in around)
        {
            if (near < (uint)links.Count)
            {
                links.PrefetchRow(near);
            }
        }
        foreach (uint near in around)
        {
            if (near < (uint)links.Count)
            {
                accepted += accept.Count(links.Row(near), (uint)links.Count, out int rows);
                seen += rows;
            }
        }
        return seen > 0 ? (double)accepted / seen : 0;
    }

    /// <summary>Lets the first rows of a walk wait: the entry, or what lies behind it.</summary>
    /// <param name="entry">Where the descent ended, accepted or not.</param>
    public void Start(in LinkTable links, uint entry, FlowQueue queue)
    {
        if (_accept.Contains(entry))
        {
            queue.AppendUnvisited([entry], _visited);
        }
        else
        {
            _crossed.Add(entry);
            Open(links, entry, queue);
        }
    }

    // Accepted neighbours are scored. As many of the others become bridges as it takes to find about a row of accepted ones,
    // when each bridge leads to as many as there are here.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Open(in LinkTable links, uint ordinal, FlowQueue queue)
    {
        int before = queue.Count, waiting = _bridges.Count;
        queue.AppendAccepted(links, ordinal, _accept, _bridges);
        int direct = queue.Count - before;
        queue.DropVisited(before, _visited);
        _bridges.Cut(waiting + (links.Width - direct) / Math.Max(1, direct));
        _bridges.DropVisited(waiting, _crossed);
        for (; waiting < _bridges.Count; waiting++)
        {
            links.PrefetchRow(_bridges.At(waiting));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance(in LinkTable links, int bound, FlowQueue queue)
    {
        int before = queue.Count;
        for (int i = Math.Min(BridgesAtOnce, _bridges.Count); i > 0; i--)
        {
            queue.AppendAccepted(links, _bridges.TakeOne(), _accept);
        }
        queue.DropVisited(before, _visited);
    }
}
