using System.CommandLine;
using SearchEngine.Cli;

var root = new RootCommand("SearchEngine: the retrieval tier that tells you when it is wrong.");
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(EncodeCommand.Create());
root.Subcommands.Add(KeysCommand.Create());
root.Subcommands.Add(ModelCommand.Create());
root.Subcommands.Add(TrainCommand.Create());
root.Subcommands.Add(MineNegativesCommand.Create());
// No time limit on termination: a server that drains ends by its own rules.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
