using System.Runtime.CompilerServices;

namespace SearchEngine.Vectors.Graph;

/// <summary>The policy of the plain walk: every row is a hit and nobody interrupts.</summary>
internal readonly struct EveryRow : IWalkPolicy
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayExpand(CandidatePool pool, int scored, int hops) => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Kept(CandidatePool pool, int position, uint ordinal, int bound) =>
        pool.IsFull ? Math.Max(bound, pool.WorstScore) : bound;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetThreshold(CandidatePool pool, in StopRule stop, out int threshold)
    {
        bool found = pool.Count >= stop.Hits;
        threshold = found ? stop.Threshold(pool.ScoreAt(stop.Hits - 1)) : int.MinValue;
        return found;
    }
}
