using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Search;
using SearchEngine.Rpc.Server;
using SearchEngine.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Search;

namespace SearchEngine.Benchmarks.Serve;

/// <summary>
/// <c>serve-server</c>: the measured server in a process of its own. Prints its port; answers each line of standard input with one line of
/// JSON: "use", or "run THREADS SECONDS" for searches without gRPC.
/// </summary>
internal static class ServeServerCommand
{
    private static readonly Option<DirectoryInfo> Data = new("--data") { Required = true };

    public static Command Create()
    {
        var command = new Command("serve-server", "The server that `serve` measures.") { Data };
        command.Hidden = true;
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(Data).FullName, cancel));
        return command;
    }

    private static async Task<int> RunAsync(string directory, CancellationToken cancel)
    {
        using ServerState state = ServerState.Open(
            new SearchServerOptions { DataDirectory = directory, Engine = new CollectionSettings { DiskReserveBytes = 0 } });
        Collection collection = state.Store.Get(ServeData.Name);
        float[][] queries = ServeData.ReadQueries(directory, collection.Schema.Vectors[0].Dimension);
        RpcService service = RpcService.Bind(
            Protocol.V1.SearchReflection.Descriptor.Services.Single(), SearchService.Over(state));
        await using RpcServer server = await RpcServer.StartAsync(new RpcServerOptions { MaxStreamsPerConnection = 1_024 }, [service]);
        Console.WriteLine(server.EndPoint.Port.ToString(CultureInfo.InvariantCulture));
        while (await Console.In.ReadLineAsync(cancel) is { } line)
        {
            string[] words = line.Split(' ');
            Console.WriteLine(words[0] == "use"
                ? JsonLines.Format(Use())
                : JsonLines.Format(Run(
                    collection, queries, int.Parse(words[1], CultureInfo.InvariantCulture),
                    TimeSpan.FromSeconds(double.Parse(words[2], CultureInfo.InvariantCulture)))));
        }
        return 0;
    }

    private static ServedUse Use()
    {
        using var self = Process.GetCurrentProcess();
        return new ServedUse(
            GC.GetTotalAllocatedBytes(precise: true), self.TotalProcessorTime.TotalMicroseconds, self.WorkingSet64,
            GC.GetTotalPauseDuration().TotalMicroseconds, GC.CollectionCount(0), JitInfo.GetCompiledMethodCount());
    }

    private static InProcessRun Run(Collection collection, float[][] queries, int threads, TimeSpan time)
    {
        ServedUse before = Use();
        long began = Stopwatch.GetTimestamp(), searches = 0;
        Thread[] all =
        [
            .. Enumerable.Range(0, threads).Select(first => new Thread(() =>
            {
                long done = 0;
                for (int i = first; Stopwatch.GetElapsedTime(began) < time; i += threads, done++)
                {
                    collection.Search(new SearchRequest { Query = queries[i % queries.Length] });
                }
                Interlocked.Add(ref searches, done);
            })),
        ];
        Array.ForEach(all, static t => t.Start());
        Array.ForEach(all, static t => t.Join());
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        ServedUse after = Use();
        return new InProcessRun(threads, searches, seconds, after.CpuMicros - before.CpuMicros, after.AllocatedBytes - before.AllocatedBytes);
    }
}
