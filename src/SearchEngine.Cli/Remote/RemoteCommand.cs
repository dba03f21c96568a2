using System.CommandLine;

namespace SearchEngine.Cli.Remote;

/// <summary>A command that talks to a server: its options, and how it ends when something is wrong.</summary>
internal static class RemoteCommand
{
    /// <param name="command">Named as users type it.</param>
    /// <param name="path">The words before it and its own, for messages: "collection list".</param>
    /// <param name="work">What it does; an exception of <see cref="Failures"/> ends it with a message.</param>
    public static Command With(this Command command, string path, Func<Session, ParseResult, CancellationToken, Task> work)
    {
        var remote = new RemoteOptions();
        remote.AddTo(command);
        command.SetAction((parsed, cancel) => Failures.ReportAsync(path, remote.Form(parsed), cancel, async () =>
        {
            using var session = new Session(remote.Address(parsed), remote.Channel(parsed), remote.Timeout(parsed), remote.Form(parsed));
            await work(session, parsed, cancel).ConfigureAwait(false);
            return ExitCode.Ok;
        }));
        return command;
    }
}
