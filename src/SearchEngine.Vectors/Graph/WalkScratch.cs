using System.Runtime.InteropServices;
using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>An ordinal and its score of type <typeparamref name="TScore"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Candidate<TScore>(uint Ordinal, TScore Score);

/// <summary>Everything a walk writes: pool, queue, visited set, counts. One search at a time; reused, never allocated within one.</summary>
internal sealed class WalkScratch : IDisposable
{
    private SearchCounts _counts;

    public WalkScratch(int count)
    {
        Visited = new VisitedSet(count);
        Crossed = new VisitedSet(count);
        Watch = new WalkWatch(this);
    }

    public CandidatePool Pool { get; } = new();

    /// <summary>What a walk has found so far.</summary>
    public Frontier Frontier { get; } = new();

    public FlowQueue Queue { get; } = new();

    /// <summary>Rows that passed a prefilter and wait for their codes.</summary>
    public FlowQueue SecondQueue { get; } = new();

    /// <summary>The best of the pool by a finer score.</summary>
    public CandidatePool Best { get; } = new();

    public VisitedSet Visited { get; }

    /// <summary>Rows that a filtered walk went through without scoring them.</summary>
    public VisitedSet Crossed { get; }

    /// <summary>Who may end the search early or look on.</summary>
    public WalkWatch Watch { get; }

    public ref SearchCounts Counts => ref _counts;

    /// <summary>Forgets the last walk, whether it ended or threw.</summary>
    public void Reset(int breadth, int capacity)
    {
        Pool.Reset(breadth, capacity);
        Queue.Clear();
        SecondQueue.Clear();
        Visited.Clear();
        Crossed.Clear();
    }

    /// <summary>Puts a start of the walk into the pool, once.</summary>
    public void Start(Candidate<int> entry)
    {
        if (Visited.Add(entry.Ordinal))
        {
            Pool.Offer(entry.Score, entry.Ordinal);
        }
    }

    /// <summary>Takes the best of the pool as they are.</summary>
    public void KeepBest(int most) => KeepBest(Pool.Entries, most);

    /// <summary>Takes the best candidates as they are, in whatever order they come.</summary>
    public void KeepBest(ReadOnlySpan<long> candidates, int most)
    {
        Best.Reset(most, most);
        long bound = long.MinValue;
        foreach (long entry in candidates)
        {
            if (entry > bound)
            {
                Best.Offer(Frontier.ScoreOf(entry), Frontier.OrdinalOf(entry));
                bound = Best.IsFull ? Best.Entries[^1] : bound;
            }
        }
    }

    public void Dispose()
    {
        Visited.Dispose();
        Crossed.Dispose();
        Frontier.Dispose();
        Queue.Dispose();
        SecondQueue.Dispose();
    }
}
