using System.CommandLine;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary><c>peers</c>: the libraries a user would pick instead, measured in turns with ours in one run.</summary>
internal static class PeersCommand
{
    private const string Ours = "ours";

    private static readonly Option<DirectoryInfo> Work = new("--work")
    {
        Description = "Directory for compiled programs and built indexes; a second run finds them there.",
        Required = true,
    };

    private static readonly Option<string> Systems = new("--systems")
    {
        Description = $"Comma-separated: {Ours}, {string.Join(", ", Peer.All.Select(p => p.Name))}.",
        DefaultValueFactory = _ => $"{Ours},hnswlib-f32",
    };

    public static Command Create()
    {
        var command = new Command("peers", "Measures peer libraries and ours in turns, in one run.") { Work, Systems };
        AnnArguments.AddOptions(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        AnnArguments arguments = AnnArguments.From(parsed);
        DirectoryInfo work = parsed.GetRequiredValue(Work);
        var systems = new List<ISearchSystem>();
        try
        {
            foreach (string name in parsed.GetRequiredValue(Systems).Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                systems.Add(Open(name.Trim(), arguments, work));
            }

            var output = new JsonLines(arguments.Json);
            systems.ForEach(s => output.Append(s.Build));
            var measurement = new Measurement(arguments.Breadths, arguments.Margins, arguments.Threads, arguments.Passes);
            Measurement.PrintTable(measurement.Run(systems, output), reference: "hnswlib");
            return 0;
        }
        finally
        {
            systems.ForEach(s => s.Dispose());
        }
    }

    private static ISearchSystem Open(string name, AnnArguments arguments, DirectoryInfo work)
    {
        Peer peer = Peer.All.FirstOrDefault(p => p.Name == name)
            ?? throw new ArgumentException($"There is no system {name}; there are {string.Join(", ", Peer.All.Select(p => p.Name))}.");
        string program = new PeerPrograms(work).Build(peer.Program);
        string set = Path.GetFileNameWithoutExtension(Path.GetFileNameWithoutExtension(arguments.Base.Name));
        string index = Path.Combine(
            work.FullName, $"{set}.{peer.Name}-{arguments.Links}-{arguments.BuildBreadth}-{arguments.Metric}.idx");
        return PeerProcess.Start(peer, program, index, arguments);
    }
}
