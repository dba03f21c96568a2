using System.CommandLine;
using SearchEngine.Benchmarks.Vectors;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>
/// <c>encode</c>: what the encoder service makes of ONNX Runtime: throughput against plain calls and a common batcher, latency of queries
/// under mixed load, what it adds to one query, and memory over time.
/// </summary>
internal static class EncodeCommand
{
    private static readonly string[] Parts = ["throughput", "latency", "overhead", "soak"];

    private static readonly Option<FileInfo> Json = new("--json") { Description = "JSON lines are appended here.", Required = true };
    private static readonly Option<DirectoryInfo> Work = new("--work")
    {
        Description = "Directory for the model that the benchmark writes, 90 MB; kept.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "searchengine-encode")),
    };

    private static readonly Option<string[]> Asked = new("--parts")
    {
        Description = "Of throughput, latency, overhead, soak.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => Parts,
    };

    private static readonly Option<int> Executors = new("--executors")
    {
        Description = "Batches at once, one thread each.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private static readonly Option<int> Rounds = new("--rounds") { Description = "Turns of each system.", DefaultValueFactory = _ => 3 };
    private static readonly Option<double> Soak = new("--soak") { Description = "Minutes of random lengths.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Quick = new("--quick") { Description = "A few seconds of everything: shows that it runs, measures nothing." };

    public static Command Create()
    {
        var command = new Command("encode", "Measures the encoder service.") { Json, Work, Asked, Executors, Rounds, Soak, Quick };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (folder, output) = (parsed.GetRequiredValue(Work).FullName, new JsonLines(parsed.GetRequiredValue(Json)));
        var (parts, rounds, isQuick) = (parsed.GetRequiredValue(Asked), parsed.GetValue(Rounds), parsed.GetValue(Quick));
        EncodeModel.Write(folder);
        using var systems = new EncodeSystems(folder, parsed.GetValue(Executors));
        await using var served = await ServedEncoder.StartAsync(folder, systems.Executors);
        if (parts.Contains("overhead"))
            await new OverheadMeasurement(systems, served, output).RunAsync(isQuick ? 2 : 60, cancel);
        if (parts.Contains("throughput"))
            await new ThroughputMeasurement(systems, served, output).RunAsync(isQuick ? 24 : 800, isQuick ? 1 : rounds, cancel);
        if (parts.Contains("latency"))
        {
            var load = new MixedLoad(Seconds: isQuick ? 1 : 15, Queries: 25, Reranks: 1.5);
            await new LatencyMeasurement(systems, served, output).RunAsync(load, isQuick ? 1 : rounds, cancel);
        }
        if (parts.Contains("soak"))
            await new SoakMeasurement(served, output).RunAsync(isQuick ? TimeSpan.FromSeconds(2) : TimeSpan.FromMinutes(parsed.GetValue(Soak)), cancel);
        return 0;
    }
}
