using System.CommandLine;
using SearchEngine.Benchmarks.Vectors;

var root = new RootCommand("Measurements of SearchEngine against truth and against its peers; every command writes JSON lines.");
root.Subcommands.Add(DatasetsCommand.Create());
return await root.Parse(args).InvokeAsync();
