using System.CommandLine;
using SearchEngine.Benchmarks.Collections;
using SearchEngine.Benchmarks.Rpc;
using SearchEngine.Benchmarks.Serve;
using SearchEngine.Benchmarks.Vectors;

var root = new RootCommand("Measurements of SearchEngine against truth and against its peers; every command writes JSON lines.");
root.Subcommands.Add(DatasetsCommand.Create());
root.Subcommands.Add(AnnCommand.Create());
root.Subcommands.Add(PeersCommand.Create());
root.Subcommands.Add(FiltersCommand.Create());
root.Subcommands.Add(KernelsCommand.Create());
root.Subcommands.Add(BitmapsCommand.Create());
root.Subcommands.Add(CollectionCommand.Create());
root.Subcommands.Add(RpcCommand.Create());
root.Subcommands.Add(RpcServerCommand.Create());
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(ServeServerCommand.Create());
return await root.Parse(args).InvokeAsync();
