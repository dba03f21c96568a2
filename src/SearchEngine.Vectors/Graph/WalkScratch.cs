using System.Runtime.InteropServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>An ordinal and its score of type <typeparamref name="TScore"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Candidate<TScore>(uint Ordinal, TScore Score);

/// <summary>Everything a walk writes: frontier, queues, visited set, counts. One search at a time; reused, never allocated within one.</summary>
internal sealed class WalkScratch : IDisposable
{
    /// <summary>The most that any search starts from.</summary>
    private const int StartsKept = 4;

    private SearchCounts _counts;

    public WalkScratch(int count)
    {
        Visited = new VisitedSet(count);
        Crossed = new VisitedSet(count);
        Watch = new WalkWatch(this);
    }

    /// <summary>What a walk has found so far.</summary>
    public Frontier Frontier { get; } = new();

    /// <summary>What a plain walk has found, best first.</summary>
    public CandidatePool Pool { get; } = new();

    public FlowQueue Queue { get; } = new();

    /// <summary>Rows in the step between of an expansion.</summary>
    public FlowQueue SecondQueue { get; } = new();

    /// <summary>Rows of a scan.</summary>
    public RowBatch Batch { get; } = new();

    /// <summary>What is rescored.</summary>
    public CandidatePool Best { get; } = new();

    /// <summary>Rows that were scored before a walk to start from.</summary>
    public Candidate<int>[] Starts { get; } = new Candidate<int>[StartsKept];

    public VisitedSet Visited { get; }

    /// <summary>Rows that a filtered walk went through without scoring them.</summary>
    public VisitedSet Crossed { get; }

    /// <summary>Who may end the search early or look on.</summary>
    public WalkWatch Watch { get; }

    public ref SearchCounts Counts => ref _counts;

    /// <summary>Forgets the last walk, whether it ended or threw.</summary>
    /// <param name="breadth">Only the best this many candidates are expanded.</param>
    /// <param name="capacity">How many are kept; at least breadth.</param>
    /// <param name="hits">The stop rule looks at the last of this many; 0 when it does not.</param>
    public void Reset(int breadth, int capacity, int hits = 0)
    {
        Frontier.Reset(breadth, capacity, hits);
        Queue.Clear();
        SecondQueue.Clear();
        Visited.Clear();
        Crossed.Clear();
    }

    /// <summary>Makes a row a start of the walk, once.</summary>
    public void Start<TGoal>(Candidate<int> entry, ref TGoal goal)
        where TGoal : struct, IWalkGoal, allows ref struct
    {
        if (Visited.Add(entry.Ordinal))
        {
            goal.Offer(Frontier, entry.Score, entry.Ordinal);
        }
    }

    /// <summary>Makes a row a start of a walk in which every row is a hit.</summary>
    public void Start(Candidate<int> entry)
    {
        var every = default(EveryRow);
        Start(entry, ref every);
    }

    public void Dispose()
    {
        Visited.Dispose();
        Crossed.Dispose();
        Frontier.Dispose();
        Queue.Dispose();
        SecondQueue.Dispose();
        Batch.Dispose();
    }
}
