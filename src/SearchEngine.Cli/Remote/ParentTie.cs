namespace SearchEngine.Cli.Remote;

/// <summary>
/// A process that another one started for itself ends when that one does, however that happened: it holds the other end of our
/// standard input, and the system closes it.
/// </summary>
internal static class ParentTie
{
    /// <summary>Set to 1 by whoever starts such a process.</summary>
    public const string Variable = "SEARCHENGINE_ENDS_WITH_STDIN";

    /// <returns>Cancelled when the parent is gone; never, where nobody tied this process.</returns>
    public static CancellationToken Begin()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1") return CancellationToken.None;
        // Nothing that the process starts in its turn is tied to our input.
        Environment.SetEnvironmentVariable(Variable, null);
        var gone = new CancellationTokenSource();
        _ = WatchAsync(gone);
        return gone.Token;
    }

    private static async Task WatchAsync(CancellationTokenSource gone)
    {
        using (gone)
        {
            await using Stream input = Console.OpenStandardInput();
            var ignored = new byte[64];
            while (await input.ReadAsync(ignored).ConfigureAwait(false) > 0)
            {
            }
            await gone.CancelAsync().ConfigureAwait(false);
        }
    }
}
