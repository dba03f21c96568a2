namespace SearchEngine.Vectors;

/// <summary>A row by its ordinal and its score; a greater score is closer.</summary>
public readonly record struct Candidate(uint Ordinal, float Score);
