using System.CommandLine;
using SearchEngine.Testing.Vectors;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary><c>peers</c>: the libraries a user would pick instead, measured in turns with ours in one run.</summary>
internal static class PeersCommand
{
    private const string Ours = "ours";
    private static readonly Option<DirectoryInfo?> Index = new("--index") { Description = "Directory of our segment, as for ann." };

    private static readonly Option<DirectoryInfo> Work = new("--work")
    {
        Description = "Directory for compiled programs and built indexes; a second run finds them there.",
        Required = true,
    };

    private static readonly Option<string> Systems = new("--systems")
    {
        Description = $"Comma-separated: {Ours}, {Ours}-code, {Ours}-prefilter, {Ours}-sign, {string.Join(", ", Peer.All.Select(p => p.Name))}.",
        DefaultValueFactory = _ => $"{Ours},hnswlib-f32",
    };

    public static Command Create()
    {
        var command = new Command("peers", "Measures peer libraries and ours in turns, in one run.") { Work, Systems, Index };
        AnnArguments.AddOptions(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        AnnArguments arguments = AnnArguments.From(parsed);
        DirectoryInfo work = parsed.GetRequiredValue(Work);
        var systems = new List<ISearchSystem>();
        EngineIndex? index = null;
        try
        {
            foreach (string name in parsed.GetRequiredValue(Systems).Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                if (name.Split('-') is [Ours, ..] parts)
                {
                    index ??= EngineIndex.BuildOrOpen(arguments, parsed.GetValue(Index));
                    systems.Add(OpenOurs(index, parts.ElementAtOrDefault(1) ?? string.Empty, arguments));
                }
                else
                {
                    systems.Add(Open(name, arguments, work));
                }
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
            index?.Dispose();
        }
    }

    private static EngineSystem OpenOurs(EngineIndex index, string tier, AnnArguments arguments) => new(
        index, AnnCommand.ParseTier(tier), MatrixFile.ReadFloats(arguments.Queries.FullName),
        MatrixFile.ReadIds(arguments.Truth.FullName), arguments);

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
