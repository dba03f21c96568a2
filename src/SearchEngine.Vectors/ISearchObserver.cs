namespace SearchEngine.Vectors;

/// <summary>Looks on while a search runs, on its thread: for early hits of a stream. What it does, the search waits for.</summary>
public interface ISearchObserver
{
    /// <param name="best">The best so far, best first, at most the wanted hits. Scores are estimates and order is not final.
    /// Valid during the call only.</param>
    /// <param name="scored">Rows scored so far.</param>
    void Observe(ReadOnlySpan<Candidate> best, int scored);
}
