using System.CommandLine;
using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors;

namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// <c>ann</c>: builds or opens a segment of ours and measures recall and throughput over its breadths and margins.
/// </summary>
internal static class AnnCommand
{
    private static readonly Option<DirectoryInfo?> Index = new("--index")
    {
        Description = "Directory of the segment: opened when it exists, built, published and opened when not.",
    };

    private static readonly Option<string[]> Tiers = new("--tier")
    {
        Description = "What the walk reads: code, prefilter, sign; the segment's own choice when not given.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double?> FilterSelectivity = new("--filter-selectivity")
    {
        Description = "Search only a random share of the rows; the truth is then computed for that share.",
    };

    public static Command Create()
    {
        var command = new Command("ann", "Measures ours: recall, throughput, latency.") { Index, Tiers, FilterSelectivity };
        AnnArguments.AddOptions(command);
        command.SetAction(Run);
        return command;
    }

    public static WalkTier? ParseTier(string text) => text switch
    {
        "" => null,
        "code" => WalkTier.Code,
        "prefilter" => WalkTier.Prefilter,
        "sign" => WalkTier.Sign,
        _ => throw new ArgumentException($"There is no tier {text}; there are code, prefilter and sign."),
    };

    private static int Run(ParseResult parsed)
    {
        AnnArguments arguments = AnnArguments.From(parsed);
        FloatMatrix queries = MatrixFile.ReadFloats(arguments.Queries.FullName);
        IdMatrix truth = MatrixFile.ReadIds(arguments.Truth.FullName);
        string[] tiers = parsed.GetValue(Tiers) is { Length: > 0 } named ? named : [string.Empty];
        using EngineIndex index = EngineIndex.BuildOrOpen(arguments, parsed.GetValue(Index));
        if (parsed.GetValue(Index) is DirectoryInfo directory)
        {
            OpeningProbe.Print(directory, queries.Row(0), arguments.K);
        }

        FilteredTruth? filter = parsed.GetValue(FilterSelectivity) is double share ? FilteredTruth.Draw(arguments, queries, share) : null;
        ulong[]? accept = filter?.In(index.Segment);
        List<EngineSystem> systems =
            [.. tiers.Select(t => new EngineSystem(index, ParseTier(t), queries, filter?.Truth ?? truth, arguments, accept))];
        var output = new JsonLines(arguments.Json);
        systems.ForEach(s => output.Append(s.Build));
        var measurement = new Measurement(arguments.Breadths, arguments.Margins, arguments.Threads, arguments.Passes);
        Measurement.PrintTable(measurement.Run(systems, output), reference: null);
        systems.ForEach(s => Console.WriteLine($"{s.Build.Config}: {s.AllocatedBytes} bytes allocated in the last pass"));
        systems.ForEach(s => s.Dispose());
        return 0;
    }
}
