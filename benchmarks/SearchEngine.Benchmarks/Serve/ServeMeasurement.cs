using SearchEngine.Benchmarks.Rpc;
using SearchEngine.Benchmarks.Serve.Load;
using SearchEngine.Benchmarks.Vectors;

namespace SearchEngine.Benchmarks.Serve;

/// <summary>Takes the turns of each part and writes the lines. What is compared takes turns, so that the machine's drift hits both.</summary>
internal sealed class ServeMeasurement(ServedProcess server, float[][] queries, TimeSpan turn, int rounds, JsonLines lines)
{
    private const int InFlight = 32;

    /// <summary>How many times the peak an overload is.</summary>
    private const double Overload = 5;

    /// <summary>
    /// About a millisecond a search: five times the peak of those is a rate that the generator reaches beside the server. Five times the
    /// peak of searches of 60 us is not (2026-11-26: 105,000 a second, and more of the machine than the server).
    /// </summary>
    private const uint WideBreadth = 4_000;

    /// <summary>Enough to keep all places busy, and no more than may wait.</summary>
    private const int WideInFlight = 8;

    private const int MostWarmTurns = 10, Settled = 10;
    private static readonly TimeSpan WarmTurn = TimeSpan.FromSeconds(2);

    private static readonly double[] Shares = [0.2, 0.5, 0.8];
    private static readonly int Cores = Environment.ProcessorCount;

    private readonly SearchLoad _load = new(server.Port, queries);
    private readonly SearchLoad _wide = new(server.Port, queries, WideBreadth);

    /// <summary>
    /// Until hardly anything is compiled any more. What is not is slower, and compiling it took a tenth of the processor time of the first turn
    /// (2026-11-26).
    /// </summary>
    public async Task WarmAsync()
    {
        await server.RunAsync(1, WarmTurn);
        for (int round = 0; round < MostWarmTurns; round++)
        {
            (_, ServedUse used) = await server.UseOfAsync(() => _load.Closed(InFlight, WarmTurn));
            if (used.CompiledMethods < Settled)
            {
                return;
            }
        }
        Console.WriteLine($"The server still compiles after {MostWarmTurns * WarmTurn.TotalSeconds} s: the first turns are slower than they could be.");
    }

    /// <summary>Searches over gRPC against the same searches in the server's process.</summary>
    public async Task CompareAsync()
    {
        for (int round = 0; round < rounds; round++)
        {
            InProcessRun one = await server.RunAsync(1, turn), all = await server.RunAsync(Cores, turn);
            (LoadRun run, ServedUse used) = await server.UseOfAsync(() => _load.Closed(InFlight, turn));
            double cpu = used.CpuMicros / run.Answered;
            Write(new
            {
                Type = "serve",
                Round = round,
                InProcessPerSecond = one.PerSecond,
                InProcessCpuMicros = one.CpuPerSearch,
                InProcessAllocated = (double)one.AllocatedBytes / one.Searches,
                AllCoresPerSecond = all.PerSecond,
                AllCoresCpuMicros = all.CpuPerSearch,
                GrpcPerSecond = run.AnsweredPerSecond,
                GrpcCpuMicros = cpu,
                CpuBeyondMicros = cpu - all.CpuPerSearch,
                GeneratorCpuMicros = run.OwnCpuMicros / run.Answered,
                ShareOfInProcess = run.AnsweredPerSecond / (all.PerSecond * LeftBy(run)),
                run.Refused,
                run.Failed,
            });
        }
    }

    /// <summary>
    /// Latencies at shares of the peak: of what server and generator reach together on this machine when searches come one by one. In a closed
    /// loop they come in crowds, which costs both less, so 80 % of its rate may be all that there is.
    /// </summary>
    public async Task LatencyAsync()
    {
        foreach (double share in Shares)
        {
            LoadRun closed = _load.Closed(InFlight, turn), peak = _load.Open(closed.AnsweredPerSecond, turn);
            (LoadRun run, ServedUse used) = await server.UseOfAsync(() => _load.Open(share * peak.AnsweredPerSecond, turn));
            Write(new
            {
                Type = "latency",
                ShareOfPeak = share,
                ClosedPerSecond = closed.AnsweredPerSecond,
                PeakPerSecond = peak.AnsweredPerSecond,
                run.SentPerSecond,
                run.AnsweredPerSecond,
                run.Refused,
                run.Failed,
                run.Latencies.P50,
                run.Latencies.P99,
                run.Latencies.P999,
                ServerCpuShare = used.CpuMicros / (run.Seconds * 1e6 * Cores),
                GeneratorCpuShare = OwnShare(run),
                ServerCpuMicros = used.CpuMicros / run.Answered,
                GeneratorCpuMicros = run.OwnCpuMicros / run.Answered,
                used.Collections,
                used.PauseMicros,
            });
        }
    }

    /// <summary>The same searches, wide ones, at their peak and at five times as much.</summary>
    public async Task OverloadAsync()
    {
        for (int round = 0; round < rounds; round++)
        {
            (LoadRun peak, ServedUse atPeak) = await server.UseOfAsync(() => _wide.Closed(WideInFlight, turn));
            (LoadRun run, ServedUse used) = await server.UseOfAsync(() => _wide.Open(Overload * peak.AnsweredPerSecond, turn));
            double goodput = run.AnsweredPerSecond / peak.AnsweredPerSecond;
            Write(new
            {
                Type = "overload",
                Round = round,
                PeakPerSecond = peak.AnsweredPerSecond,
                PeakP99 = peak.Latencies.P99,
                run.SentPerSecond,
                run.AnsweredPerSecond,
                GoodputOfPeak = goodput,
                GoodputOfPeakLeft = goodput * LeftBy(peak) / LeftBy(run),
                run.Latencies.P50,
                run.Latencies.P99,
                P99OfPeak = run.Latencies.P99 / peak.Latencies.P99,
                PeakRefused = peak.Refused,
                run.Refused,
                run.Failed,
                CpuOfRefusalMicros = (used.CpuMicros - run.Answered * (atPeak.CpuMicros / peak.Answered)) / run.Refused,
                GeneratorCpuShare = OwnShare(run),
                GrownBytes = used.ResidentBytes,
            });
        }
    }

    /// <summary>What a search allocates, and what of it a bare Kestrel allocates for the same bytes in and about the same out.</summary>
    public async Task AllocationsAsync()
    {
        using MeasuredServer kestrel = await MeasuredServer.StartAsync(RpcSystem.Kestrel);
        var bare = new SearchLoad(kestrel.Port, queries);
        bare.Closed(InFlight, turn);
        for (int round = 0; round < rounds; round++)
        {
            InProcessRun inProcess = await server.RunAsync(1, turn);
            ServerUse before = await kestrel.ReadUseAsync();
            LoadRun least = bare.Closed(InFlight, turn);
            ServerUse after = await kestrel.ReadUseAsync();
            (LoadRun run, ServedUse used) = await server.UseOfAsync(() => _load.Closed(InFlight, turn));
            double ofKestrel = (double)(after.AllocatedBytes - before.AllocatedBytes) / least.Answered;
            double all = (double)used.AllocatedBytes / run.Answered;
            Write(new
            {
                Type = "allocations",
                Round = round,
                PerSearch = all,
                OfKestrel = ofKestrel,
                BeyondKestrel = all - ofKestrel,
                InProcess = (double)inProcess.AllocatedBytes / inProcess.Searches,
                KestrelPerSecond = least.AnsweredPerSecond,
            });
        }
    }

    /// <summary>The own generator and h2load at the same one search with as many in flight, in turns.</summary>
    public async Task CrossCheckAsync()
    {
        string body = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(body, RpcWorkload.Frame(SearchLoad.Request(queries[0], null)));
            RpcLoad other = RpcLoad.Find(body);
            if (other.Name != "h2load")
            {
                Console.WriteLine("Skipped h2load: it is not installed (Debian's nghttp2-client).");
                return;
            }
            var own = new SearchLoad(server.Port, queries[..1]);
            for (int round = 0; round < rounds; round++)
            {
                (LoadResult theirs, ServedUse theirUse) = await server.UseOfAsync(() => other.RunAsync(server.Port, turn));
                (LoadRun ours, ServedUse ourUse) = await server.UseOfAsync(() => own.Closed(RpcLoad.InFlight, turn));
                Write(new
                {
                    Type = "h2load",
                    Round = round,
                    H2loadPerSecond = theirs.RequestsPerSecond,
                    H2loadServerCpuMicros = theirUse.CpuMicros / theirs.Requests,
                    OwnPerSecond = ours.AnsweredPerSecond,
                    OwnServerCpuMicros = ourUse.CpuMicros / ours.Answered,
                    OwnCpuMicros = ours.OwnCpuMicros / ours.Answered,
                    OwnToH2load = ours.AnsweredPerSecond / theirs.RequestsPerSecond,
                });
            }
        }
        finally
        {
            File.Delete(body);
        }
    }

    private static double OwnShare(LoadRun run) => run.OwnCpuMicros / (run.Seconds * 1e6 * Cores);

    // Of the machine, by the generator, to the server.
    private static double LeftBy(LoadRun run) => 1 - OwnShare(run);

    private void Write<T>(T line)
    {
        lines.Append(line);
        Console.WriteLine(JsonLines.Format(line));
    }
}
