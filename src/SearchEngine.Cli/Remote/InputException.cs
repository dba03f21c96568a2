namespace SearchEngine.Cli.Remote;

/// <summary>A file that is not what the command needs; the message names file, place and what was expected.</summary>
internal sealed class InputException(string message, Exception? cause = null) : Exception(message, cause);
