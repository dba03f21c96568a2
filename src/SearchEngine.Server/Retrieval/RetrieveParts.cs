using SearchEngine.Server.Rerank;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Retrieval;

/// <summary>All that a retrieval came to, for its reply.</summary>
/// <param name="Board">What the rerank model scored; null where nothing was reranked.</param>
/// <param name="Outcome">How reranking ended; null where it failed or did not run.</param>
internal sealed record RetrieveParts(
    RetrieveOrder Order, SearchOrder Search, SearchAnswer Answer, RankedHits Hits, RerankBoard? Board, RerankOutcome? Outcome, PairScorer? Scorer,
    StageReport Report, StageClock Time);
