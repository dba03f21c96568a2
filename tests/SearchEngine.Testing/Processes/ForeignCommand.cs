namespace SearchEngine.Testing.Processes;

/// <summary>How to start a program of another language: its command, or the line that would make it possible.</summary>
public sealed record ForeignCommand(string Program, string[] Arguments, string? Missing = null)
{
    public static ForeignCommand Unavailable(string missing) => new("", [], missing);

    /// <summary>The command, once it is known to be there.</summary>
    /// <exception cref="SkippedException">It is not.</exception>
    public ForeignCommand Required()
    {
        ForeignTools.Require(Missing);
        return this;
    }
}
