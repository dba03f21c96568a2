using SearchEngine.Server.Rerank;

namespace SearchEngine.Server.Retrieval;

/// <summary>How many candidates a retrieval takes and how many of them it expects to rerank.</summary>
internal readonly record struct RetrievalPlan(int Candidates, int Depth)
{
    private const int DefaultCandidates = 50;
    private const int LeastCandidates = 20;

    /// <param name="reranks">Whether there is anything to rerank with.</param>
    /// <param name="pairMicros">Of one pair.</param>
    /// <param name="time">For reranking.</param>
    public static RetrievalPlan Of(RetrieveOrder order, bool reranks, double pairMicros, TimeSpan time)
    {
        if (!reranks)
        {
            return new RetrievalPlan(order.Candidates ?? order.Hits, 0);
        }
        // Candidates that nobody will score are worth nothing beyond the hits.
        int most = Math.Max(order.Hits, DefaultCandidates);
        int affordable = RoundPolicy.Foresee(most, pairMicros, time).Depth;
        int candidates = order.Candidates ?? Math.Clamp(affordable, Math.Max(order.Hits, LeastCandidates), most);
        return new RetrievalPlan(candidates, RoundPolicy.Foresee(Math.Min(order.Rerank.Depth, candidates), pairMicros, time).Depth);
    }
}
