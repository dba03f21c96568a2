namespace SearchEngine.Cli.Remote;

/// <summary>Options that are well formed each but do not work together, or name what is not there.</summary>
internal sealed class UsageException(string message) : Exception(message);
