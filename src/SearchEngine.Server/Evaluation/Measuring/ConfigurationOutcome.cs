namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>What one configuration made of all questions, in their order.</summary>
/// <param name="Fingerprint">Space and build that answered; null where nobody said.</param>
/// <param name="RerankFingerprint">Null where nothing was reranked.</param>
internal sealed record ConfigurationOutcome(
    string Name, QuestionOutcome[] Questions, Wire.Fingerprint? Fingerprint, Wire.Fingerprint? RerankFingerprint);
