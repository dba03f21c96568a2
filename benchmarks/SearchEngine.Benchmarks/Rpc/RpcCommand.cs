using System.CommandLine;
using System.Text.Json;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Benchmarks.Rpc;

/// <summary>
/// <c>rpc</c>: how much of a bare Kestrel endpoint's throughput a gRPC call keeps. The servers run side by side and take the
/// same load in turn, so that drift of the machine hits all of them; medians over the rounds are compared.
/// </summary>
internal static class RpcCommand
{
    private static readonly Option<FileInfo?> Json = new("--json") { Description = "Appends one JSON object per line to this file." };
    private static readonly Option<int> Rounds = new("--rounds") { DefaultValueFactory = _ => 7, Description = "Measured turns of each server." };
    private static readonly Option<double> Seconds = new("--seconds") { DefaultValueFactory = _ => 4, Description = "Length of one turn." };
    private static readonly Option<double> Warmup = new("--warmup-seconds") { DefaultValueFactory = _ => 8, Description = "Load on each server before the first turn." };

    public static Command Create()
    {
        var command = new Command("rpc", "Unary gRPC calls against a bare Kestrel endpoint that moves the same bytes.") { Json, Rounds, Seconds, Warmup };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        string body = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(body, RpcWorkload.Frame(RpcWorkload.Request()));
            RpcLoad load = RpcLoad.Find(body);
            using MeasuredServer kestrel = await MeasuredServer.StartAsync(RpcSystem.Kestrel);
            using MeasuredServer rpc = await MeasuredServer.StartAsync(RpcSystem.Rpc);
            using MeasuredServer rented = await MeasuredServer.StartAsync(RpcSystem.RpcRentedReplies);
            using MeasuredServer fresh = await MeasuredServer.StartAsync(RpcSystem.RpcNewReplies);
            MeasuredServer[] servers = [kestrel, rpc, rented, fresh];
            await CheckRepliesAsync(rpc.Port);
            foreach (MeasuredServer server in servers) await load.RunAsync(server.Port, TimeSpan.FromSeconds(parsed.GetValue(Warmup)));

            var turns = servers.ToDictionary(server => server.System, _ => new List<RpcTurn>());
            for (int round = 0; round < parsed.GetValue(Rounds); round++)
            {
                foreach (MeasuredServer server in servers) turns[server.System].Add(await TurnAsync(server, load, parsed.GetValue(Seconds)));
            }
            await ReportAsync(load, turns, parsed.GetValue(Json));
            await ReportIdleAsync(rpc, parsed.GetValue(Json));
            return 0;
        }
        finally
        {
            File.Delete(body);
        }
    }

    private static async Task<RpcTurn> TurnAsync(MeasuredServer server, RpcLoad load, double seconds)
    {
        ServerUse before = await server.ReadUseAsync();
        LoadResult result = await load.RunAsync(server.Port, TimeSpan.FromSeconds(seconds));
        ServerUse after = await server.ReadUseAsync();
        return new RpcTurn(
            result.RequestsPerSecond,
            (after.AllocatedBytes - before.AllocatedBytes) / (double)result.Requests,
            (after.CpuMilliseconds - before.CpuMilliseconds) * 1_000 / result.Requests,
            after.ResidentBytes);
    }

    /// <summary>The load generator looks at HTTP only; whether the replies are right is checked here.</summary>
    private static async Task CheckRepliesAsync(int port)
    {
        using var channel = new RpcChannel(new Uri($"http://127.0.0.1:{port}"));
        var search = new RpcMethod<SearchRequest, SearchReply>(SearchReflection.Descriptor.Services.Single(service => service.Name == "Search"), "Search");
        SearchReply reply = await channel.UnaryAsync(search, RpcWorkload.Request());
        if (!reply.Equals(RpcWorkload.Reply())) throw new InvalidOperationException($"The server replied {reply}.");
    }

    private static async Task ReportAsync(RpcLoad load, Dictionary<RpcSystem, List<RpcTurn>> turns, FileInfo? json)
    {
        List<RpcTurn> baseline = turns[RpcSystem.Kestrel];
        foreach ((RpcSystem system, List<RpcTurn> all) in turns)
        {
            double[] ratios = [.. all.Zip(baseline, (turn, of) => turn.RequestsPerSecond / of.RequestsPerSecond)];
            await WriteAsync(json, new
            {
                type = "rpc",
                system = system.ToString(),
                load = load.Name,
                requests_per_second_median = Math.Round(Median(all.Select(turn => turn.RequestsPerSecond))),
                requests_per_second = all.Select(turn => Math.Round(turn.RequestsPerSecond)),
                ratio_to_kestrel_median = Math.Round(Median(ratios), 3),
                allocated_bytes_per_call = Math.Round(Median(all.Select(turn => turn.AllocatedBytes))),
                allocated_bytes_beyond_kestrel = Math.Round(Median(all.Select(turn => turn.AllocatedBytes)) - Median(baseline.Select(turn => turn.AllocatedBytes))),
                cpu_us_per_call = Math.Round(Median(all.Select(turn => turn.CpuMicroseconds)), 2),
                resident_mb = all[^1].ResidentBytes >> 20,
            });
        }
    }

    /// <summary>64 streams that have nothing to say: what the server's CPU does meanwhile.</summary>
    private static async Task ReportIdleAsync(MeasuredServer server, FileInfo? json)
    {
        const int Streams = 64;
        var window = TimeSpan.FromSeconds(5);
        using var channel = new RpcChannel(new Uri($"http://127.0.0.1:{server.Port}"));
        var pipeline = new RpcMethod<PipelineRequest, PipelineReply>(SearchReflection.Descriptor.Services.Single(service => service.Name == "Search"), "SearchPipeline");
        var calls = new List<DuplexCall<PipelineRequest, PipelineReply>>();
        for (int i = 0; i < Streams; i++)
        {
            DuplexCall<PipelineRequest, PipelineReply> call = await channel.DuplexAsync(pipeline);
            await call.WriteAsync(new PipelineRequest());
            await call.ReadAsync();
            calls.Add(call);
        }
        ServerUse before = await server.ReadUseAsync();
        await Task.Delay(window);
        ServerUse after = await server.ReadUseAsync();
        await WriteAsync(json, new
        {
            type = "rpc-idle",
            streams = Streams,
            seconds = window.TotalSeconds,
            cpu_ms = Math.Round(after.CpuMilliseconds - before.CpuMilliseconds, 1),
            cpu_share_of_a_core = Math.Round((after.CpuMilliseconds - before.CpuMilliseconds) / window.TotalMilliseconds, 5),
        });
        foreach (DuplexCall<PipelineRequest, PipelineReply> call in calls) await call.DisposeAsync();
    }

    private static async Task WriteAsync(FileInfo? json, object line)
    {
        string text = JsonSerializer.Serialize(line);
        Console.WriteLine(text);
        if (json is not null) await File.AppendAllTextAsync(json.FullName, text + "\n");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed record RpcTurn(double RequestsPerSecond, double AllocatedBytes, double CpuMicroseconds, long ResidentBytes);
}
