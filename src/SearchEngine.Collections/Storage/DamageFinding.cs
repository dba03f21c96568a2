namespace SearchEngine.Collections.Storage;

/// <summary>One damage that checking a file found; a sound file has none.</summary>
internal sealed record DamageFinding(string Path, string What);
