namespace SearchEngine.Evaluation;

/// <summary>A document of a ranking; a greater score is closer.</summary>
public readonly record struct ScoredDocument(string Id, float Score);
