namespace SearchEngine.Cli.Remote;

/// <summary>How a command ends, for scripts. <c>model inspect</c> tells more apart and says so in its help.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The server refused, or the work failed; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; nothing was tried.</summary>
    public const int Usage = 2;
}
