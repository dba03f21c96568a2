using System.CommandLine;
using SearchEngine.Benchmarks.Vectors;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>
/// <c>collection</c>: what a collection costs over its vector core, and what searches feel of ingest, merges and restarts.
/// </summary>
internal static class CollectionCommand
{
    private static readonly Option<FileInfo> Json = new("--json") { Description = "JSON lines are appended here.", Required = true };
    private static readonly Option<DirectoryInfo> Work = new("--work")
    {
        Description = "Directory for the stores; what it needs is about 8 KB a document.",
        Required = true,
    };

    private static readonly Option<int> Rows = new("--rows") { Description = "Documents of all parts but open.", DefaultValueFactory = _ => 50_000 };
    private static readonly Option<int> OpenRows = new("--open-rows")
    {
        Description = "Documents of the collection that is opened cold; 0 leaves the part out.",
        DefaultValueFactory = _ => 1_000_000,
    };

    private static readonly Option<double[]> OpenDead = new("--open-dead")
    {
        Description = "Shares of its documents that are deleted, in several ways, before it is opened again.",
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> Dimension = new("--dim") { Description = "Dimensions.", DefaultValueFactory = _ => 768 };
    private static readonly Option<string[]> Parts = new("--parts")
    {
        Description = "Which to run: ingest, latency, live, filters, open.",
        DefaultValueFactory = _ => ["ingest", "latency", "live", "filters", "open"],
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var command = new Command("collection", "Measures ingest, search latency beside writes and merges, and opening.")
        {
            Json, Work, Rows, OpenRows, OpenDead, Dimension, Parts,
        };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var lines = new JsonLines(parsed.GetRequiredValue(Json));
        DirectoryInfo work = parsed.GetRequiredValue(Work);
        int dimension = parsed.GetRequiredValue(Dimension);
        string[] parts = parsed.GetRequiredValue(Parts);
        var data = new CollectionData(parsed.GetRequiredValue(Rows), dimension);
        if (parts.Contains("ingest"))
        {
            await new IngestMeasurement(data, work, lines).RunAsync(cancel);
        }
        if (parts.Contains("latency"))
        {
            await new LatencyMeasurement(data, work, lines).RunAsync(cancel);
        }
        if (parts.Contains("live"))
        {
            await new LiveMeasurement(data, work, lines).RunAsync(cancel);
        }
        if (parts.Contains("filters"))
        {
            await new FilterMeasurement(data, work, lines).RunAsync(cancel);
        }
        if (parts.Contains("open") && parsed.GetRequiredValue(OpenRows) > 0)
        {
            var large = new CollectionData(parsed.GetRequiredValue(OpenRows), dimension);
            await new OpenMeasurement(large, work, lines).RunAsync(parsed.GetRequiredValue(OpenDead), cancel);
        }
        return 0;
    }
}
