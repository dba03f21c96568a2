namespace SearchEngine.Vectors.Graph;

/// <summary>The policy of a walk in which every candidate is a hit and somebody may end it.</summary>
internal readonly struct WatchedRows(WalkWatch watch) : IWalkPolicy
{
    public bool MayExpand(CandidatePool pool, int scored, int hops) => watch.MayGoOn(pool, default, scored, hops);

    public int Kept(CandidatePool pool, int position, uint ordinal, int bound) =>
        default(EveryRow).Kept(pool, position, ordinal, bound);

    public bool TryGetThreshold(CandidatePool pool, in StopRule stop, out int threshold) =>
        default(EveryRow).TryGetThreshold(pool, stop, out threshold);
}
