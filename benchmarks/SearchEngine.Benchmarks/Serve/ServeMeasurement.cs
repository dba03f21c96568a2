using SearchEngine.Benchmarks.Vectors;

namespace SearchEngine.Benchmarks.Serve;

/// <summary>Takes the turns and writes the lines. Searches with and without gRPC take turns, so that the machine's drift hits both.</summary>
internal sealed class ServeMeasurement(ServedProcess server, SearchLoad load, SearchLoad wide, TimeSpan turn, int rounds, JsonLines lines)
{
    private const int InFlight = 32;
    // More than the queue of 200 predicted milliseconds takes: what is beyond has to be refused, not held back by the generator.
    private const int MostInFlight = 16_384;
    private static readonly double[] Shares = [0.2, 0.5, 0.8];
    private static readonly int Cores = Environment.ProcessorCount;

    public async Task RunAsync()
    {
        await server.RunAsync(1, TimeSpan.FromSeconds(2));
        await load.ClosedAsync(InFlight, TimeSpan.FromSeconds(3));
        double peak = await CompareAsync();
        foreach (double share in Shares)
        {
            LoadRun run = await load.OpenAsync(share * peak, MostInFlight, turn);
            Report("latency", share, peak, run, 0);
        }
        LoadRun most = await wide.ClosedAsync(InFlight, turn);
        Report("wide-peak", 1, most.AnsweredPerSecond, most, 0);
        ServedUse before = await server.ReadUseAsync();
        LoadRun overload = await wide.OpenAsync(5 * most.AnsweredPerSecond, MostInFlight, turn);
        ServedUse after = await server.ReadUseAsync();
        Report("overload", 5, most.AnsweredPerSecond, overload, after.ResidentBytes - before.ResidentBytes);
    }

    private async Task<double> CompareAsync()
    {
        List<double> peaks = [];
        for (int round = 0; round < rounds; round++)
        {
            InProcessRun one = await server.RunAsync(1, turn), two = await server.RunAsync(Cores, turn);
            ServedUse before = await server.ReadUseAsync();
            LoadRun run = await load.ClosedAsync(InFlight, turn);
            ServedUse after = await server.ReadUseAsync();
            double cpu = (after.CpuMicros - before.CpuMicros) / run.Answered;
            double allowed = 1 - run.OwnCpuMicros / (run.Seconds * 1e6 * Cores);
            peaks.Add(run.AnsweredPerSecond);
            var line = new
            {
                Type = "serve",
                Round = round,
                InProcessPerSecond = one.PerSecond,
                InProcessCpuMicros = one.CpuPerSearch,
                InProcessAllocated = (double)one.AllocatedBytes / one.Searches,
                AllCoresPerSecond = two.PerSecond,
                AllCoresCpuMicros = two.CpuPerSearch,
                GrpcPerSecond = run.AnsweredPerSecond,
                GrpcCpuMicros = cpu,
                CpuBeyondMicros = cpu - two.CpuPerSearch,
                GeneratorCpuMicros = run.OwnCpuMicros / run.Answered,
                ShareOfInProcess = run.AnsweredPerSecond / (two.PerSecond * allowed),
                AllocatedPerSearch = (double)(after.AllocatedBytes - before.AllocatedBytes) / run.Answered,
                run.Refused,
                run.Failed,
            };
            lines.Append(line);
            Console.WriteLine(JsonLines.Format(line));
        }
        peaks.Sort();
        return peaks[peaks.Count / 2];
    }

    private void Report(string type, double share, double peak, LoadRun run, long grownBytes)
    {
        var line = new
        {
            Type = type,
            ShareOfPeak = share,
            PeakPerSecond = peak,
            run.SentPerSecond,
            run.AnsweredPerSecond,
            GoodputOfPeak = run.AnsweredPerSecond / peak,
            run.Refused,
            run.Failed,
            run.Latencies.P50,
            run.Latencies.P99,
            run.Latencies.P999,
            GeneratorCpuShare = run.OwnCpuMicros / (run.Seconds * 1e6 * Cores),
            GrownBytes = grownBytes,
        };
        lines.Append(line);
        Console.WriteLine(JsonLines.Format(line));
    }
}
