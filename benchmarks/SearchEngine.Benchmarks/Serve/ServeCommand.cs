using System.CommandLine;
using SearchEngine.Benchmarks.Collections;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Benchmarks.Serve;

/// <summary>
/// <c>serve</c>: what a search costs over gRPC beyond the search itself, how late answers come at a share of the peak rate, and what
/// is left of the peak at five times as much, and what a search allocates.
/// </summary>
internal static class ServeCommand
{
    private static readonly string[] AllParts = ["compare", "latency", "overload", "allocations", "h2load"];

    private static readonly Option<FileInfo> Json = new("--json") { Description = "JSON lines are appended here.", Required = true };
    private static readonly Option<DirectoryInfo> Work = new("--work")
    {
        Description = "Directory for the store; kept, and used again when it has as many documents. About 8 KB a document.",
        Required = true,
    };

    private static readonly Option<int> Rows = new("--rows") { Description = "Documents.", DefaultValueFactory = _ => 200_000 };
    private static readonly Option<int> Dimension = new("--dim") { Description = "Dimensions.", DefaultValueFactory = _ => 768 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "Length of one turn.", DefaultValueFactory = _ => 8 };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Turns of each part, in turn.", DefaultValueFactory = _ => 3 };

    private static readonly Option<string[]> Parts = new("--parts")
    {
        Description = $"Which parts: {string.Join(", ", AllParts)}.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => AllParts,
    };

    public static Command Create()
    {
        var command = new Command("serve", "Measures searches over gRPC against searches in the process.") { Json, Work, Rows, Dimension, Seconds, Rounds, Parts };
        Parts.AcceptOnlyFromAmong(AllParts);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        int rows = parsed.GetValue(Rows), dimension = parsed.GetValue(Dimension);
        string directory = Path.Combine(parsed.GetRequiredValue(Work).FullName, $"serve-{rows}-{dimension}");
        if (!File.Exists(ServeData.QueriesOf(directory)))
        {
            await PrepareAsync(directory, new CollectionData(rows, dimension), cancel);
        }
        using ServedProcess server = await ServedProcess.StartAsync(directory);
        float[][] queries = ServeData.ReadQueries(directory, dimension);
        var measurement = new ServeMeasurement(
            server, queries, TimeSpan.FromSeconds(parsed.GetValue(Seconds)), parsed.GetValue(Rounds), new JsonLines(parsed.GetRequiredValue(Json)));
        await measurement.WarmAsync();
        foreach (string part in AllParts.Intersect(parsed.GetRequiredValue(Parts)))
        {
            await (part switch
            {
                "compare" => measurement.CompareAsync(),
                "latency" => measurement.LatencyAsync(),
                "overload" => measurement.OverloadAsync(),
                "allocations" => measurement.AllocationsAsync(),
                _ => measurement.CrossCheckAsync(),
            });
        }
        return 0;
    }

    private static async Task PrepareAsync(string directory, CollectionData data, CancellationToken cancel)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
        var settings = new CollectionSettings { FlushRows = 1 << 18, DiskReserveBytes = 0, UpkeepThreads = 2, LinkThreads = 2 };
        using (CollectionStore store = CollectionStore.Open(directory, _ => settings))
        {
            Collection collection = store.Create(ServeData.Name, data.Schema);
            for (int first = 0; first < data.Documents.Count; first += 1_000)
            {
                int count = Math.Min(1_000, data.Documents.Count - first);
                await collection.WriteAsync([.. Enumerable.Range(first, count).Select(data.Put)], new WriteOptions(AckLevel.Memory), cancel);
            }
            await collection.OptimiseAsync(cancel: cancel);
        }
        ServeData.WriteQueries(directory, data.Queries);
    }
}
