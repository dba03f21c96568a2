namespace SearchEngine.Cli.Remote;

/// <summary>Options that are well formed each but do not work together, or name what is not there.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The message alone: the name of a parameter of ours means nothing to a user.</summary>
    public static UsageException Of(ArgumentException wrong) =>
        new(wrong.ParamName is { } name ? wrong.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : wrong.Message);

    /// <param name="validate">Throws an <see cref="ArgumentException"/> for a value that is out of its range.</param>
    /// <exception cref="UsageException">It did.</exception>
    public static void Check(Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException wrong)
        {
            throw Of(wrong);
        }
    }
}
