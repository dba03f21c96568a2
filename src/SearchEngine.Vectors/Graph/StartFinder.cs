using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors.Graph;

/// <summary>
/// Finds where the walk for a query starts: descends from the first entry point, then scores the spread ones, and descends from
/// the nearest two as well where they are nearer than that came. Where the first descent ends well, as it nearly always does,
/// this costs 16 scores and changes nothing. Searches and builds start alike: rows that were inserted by one way in are not found
/// well by another (of 12 sets of groups, recall at breadth 60 fell by up to 0.019 when only searches had it, rose by up to
/// 0.012 with both, 2026-11-26).
/// </summary>
/// <param name="levels">Link rows, level 0 first.</param>
/// <param name="entries">See <see cref="EntryPoints"/>; there is at least one where anything is sought.</param>
internal sealed class StartFinder(LinkTable[] levels, uint[] entries)
{
    /// <summary>How many of the spread entry points join a walk at most.</summary>
    private const int Joining = 2;

    private readonly uint[] _usable = new uint[entries.Length];

    /// <summary>Where a walk over level 0 starts, nearest first but for where the first descent ended, which comes last.</summary>
    /// <returns>Valid until the next call for this scratch.</returns>
    public ReadOnlySpan<Candidate<int>> Find<TScorer>(in TScorer scorer, WalkScratch scratch)
        where TScorer : struct, IRowScorer => Find(scorer, 0, uint.MaxValue, scratch);

    /// <summary>The same for a walk over another level of a graph that is being built.</summary>
    /// <param name="level">All starts are on it.</param>
    /// <param name="inserted">Every row below is in the graph; of the others only the first entry point is.</param>
    public ReadOnlySpan<Candidate<int>> Find<TScorer>(in TScorer scorer, int level, uint inserted, WalkScratch scratch)
        where TScorer : struct, IRowScorer
    {
        Candidate<int> first = Descend(scorer, Descent.ScoreOne(scorer, entries[0], scratch), level, scratch);
        Span<Candidate<int>> starts = scratch.Starts;
        int found = NearestRows.Find(scorer, Usable(Math.Min(inserted, (uint)levels[level].Count)), scratch, starts[..Joining]);
        int count = 0;
        while (count < found && starts[count].Score > first.Score)
        {
            starts[count] = Descend(scorer, starts[count], level, scratch);
            count++;
        }
        starts[count] = first;
        return starts[..(count + 1)];
    }

    private ReadOnlySpan<uint> Usable(uint end)
    {
        int count = 0;
        foreach (uint row in entries.AsSpan(1))
        {
            _usable[count] = row;
            count += row < end ? 1 : 0;
        }
        return _usable.AsSpan(0, count);
    }

    // Over the levels that the row is on.
    private Candidate<int> Descend<TScorer>(in TScorer scorer, Candidate<int> from, int to, WalkScratch scratch)
        where TScorer : struct, IRowScorer
    {
        for (int level = levels.Length - 1; level > to; level--)
        {
            if (from.Ordinal < (uint)levels[level].Count)
            {
                from = Descent.Run(scorer, levels[level], from, scratch);
            }
        }
        return from;
    }
}
