using SearchEngine.Collections.Documents;

namespace SearchEngine.Server.Evaluation.Ranking;

/// <summary>What one query found under one configuration.</summary>
/// <param name="Hits">The best first, with the score of the stage that decided; what was not reranked follows with the score it had.</param>
/// <param name="Micros">Of the search, rerank included; encoding the query and waiting for a place are not.</param>
/// <param name="Fingerprint">Space and build of the vectors; null where nobody said.</param>
/// <param name="RerankFingerprint">Null where nothing was reranked.</param>
internal sealed record RankedQuery(
    IReadOnlyList<(DocumentId Id, float Score)> Hits, long Micros, Wire.Fingerprint? Fingerprint, Wire.Fingerprint? RerankFingerprint);
