namespace SearchEngine.Vectors.Graph;

/// <summary>A walk that a cancellation or a ceiling ends. No observer: it would need candidates in order.</summary>
internal readonly struct Interrupted(WalkWatch watch) : IWalkInterrupt
{
    public bool MayGoOn(int scored, int hops) => watch.MayScore(scored);
}
