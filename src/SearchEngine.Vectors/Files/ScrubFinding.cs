namespace SearchEngine.Vectors.Files;

/// <summary>One damage that scrubbing found; a sound segment has none.</summary>
public sealed record ScrubFinding(FileDamage Damage, string Path, string Description);
