using System.CommandLine;
using SearchEngine.Cli.Admin;
using SearchEngine.Cli.Benching;
using SearchEngine.Cli.Checking;
using SearchEngine.Cli.Completion;
using SearchEngine.Cli.Demo;
using SearchEngine.Cli.Diagnosing;
using SearchEngine.Cli.Evaluating;
using SearchEngine.Cli.Searching;
using SearchEngine.Cli.Transfer;

namespace SearchEngine.Cli;

/// <summary>Every command, in the order of the help.</summary>
internal static class CommandTree
{
    public static RootCommand Create() => new(
        """
        SearchEngine: the retrieval tier that tells you when it is wrong.

        Examples:
          searchengine demo
          searchengine COMMAND --help

        Ends with 0 if it did what was asked, 1 if it was refused or failed, 2 if the command line or the configuration is wrong and nothing was tried.
        """)
    {
        DemoCommand.Create(),
        ServeCommand.Create(),
        EncodeCommand.Create(),
        ImportCommand.Create(),
        ExportCommand.Create(),
        SearchCommand.Create(),
        RetrieveCommand.Create(),
        EvalCommand.Create(),
        DiagnoseCommand.Create(),
        BenchCommand.Create(),
        CollectionCommand.Create(),
        SnapshotCommand.Create(),
        CheckCommand.Create(),
        KeysCommand.Create(),
        ModelCommand.Create(),
        TrainCommand.Create(),
        MineNegativesCommand.Create(),
        CompletionCommand.Create(),
    };
}
