using System.CommandLine;
using SearchEngine.Cli;
using SearchEngine.Cli.Admin;
using SearchEngine.Cli.Demo;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Searching;

var root = new RootCommand("SearchEngine: the retrieval tier that tells you when it is wrong. `searchengine demo` shows it.");
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(EncodeCommand.Create());
root.Subcommands.Add(SearchCommand.Create());
root.Subcommands.Add(RetrieveCommand.Create());
root.Subcommands.Add(CollectionCommand.Create());
root.Subcommands.Add(SnapshotCommand.Create());
root.Subcommands.Add(KeysCommand.Create());
root.Subcommands.Add(ModelCommand.Create());
root.Subcommands.Add(TrainCommand.Create());
root.Subcommands.Add(MineNegativesCommand.Create());
ParseResult parsed = root.Parse(args);
// A server that drains ends by its own rules; everything else has this long to leave nothing half-written after Ctrl-C.
bool drains = parsed.CommandResult.Command.Name is "serve" or "encode";
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = drains ? null : TimeSpan.FromSeconds(40) };
int code = await parsed.InvokeAsync(invocation, ParentTie.Begin());
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
