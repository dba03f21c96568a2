namespace SearchEngine.Cli.Remote;

/// <summary>Options that are well formed each but do not work together, or name what is not there.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The message alone: the name of a parameter of ours means nothing to a user.</summary>
    public static UsageException Of(ArgumentException wrong) =>
        new(wrong.ParamName is { } name ? wrong.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : wrong.Message);
}
