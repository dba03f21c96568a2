namespace SearchEngine.Vectors.Graph;

/// <summary>A walk to its own end.</summary>
internal readonly struct NeverInterrupted : IWalkInterrupt
{
    public bool MayGoOn(int scored, int hops) => true;
}
