namespace SearchEngine.Vectors.Graph;

/// <summary>Who may end a walk early. Implemented by structs, so that a walk that nobody interrupts is compiled without it.</summary>
internal interface IWalkInterrupt
{
    /// <summary>Asked before every expansion. Once false, the walk scores what waits and ends.</summary>
    /// <param name="scored">Rows scored by this walk.</param>
    /// <param name="hops">Candidates it has expanded.</param>
    bool MayGoOn(int scored, int hops);
}
