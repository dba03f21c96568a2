using System.CommandLine;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Completion;

/// <summary><c>completion</c>: the lines that make a shell ask this program what may come next.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh or fish." };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong([.. CompletionScript.Shells]);
        var command = new Command(
            "completion",
            """
            Prints what makes a shell complete commands and options; searchengine has to be on the PATH.

            Examples:
              source <(searchengine completion bash)          # in ~/.bashrc
              source <(searchengine completion zsh)           # in ~/.zshrc, behind compinit
              searchengine completion fish > ~/.config/fish/completions/searchengine.fish
            """)
        {
            Shell,
        };
        command.SetAction(parsed =>
        {
            Console.Out.Write(CompletionScript.For(parsed.GetRequiredValue(Shell)));
            return ExitCode.Ok;
        });
        return command;
    }
}
