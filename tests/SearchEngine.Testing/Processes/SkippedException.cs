namespace SearchEngine.Testing.Processes;

/// <summary>Skips the test that it is thrown in, visibly: xunit v3 knows such exceptions by the beginning of their message.</summary>
public sealed class SkippedException(string reason) : Exception("$XunitDynamicSkip$" + reason);
