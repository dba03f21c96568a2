using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Collections;
using SearchEngine.Collections.Search;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>Latency of searches, asked for at a fixed rate, when nothing else happens, beside ingest of 1,000 documents a second, and
/// beside a merge.</summary>
internal sealed class LatencyMeasurement(CollectionData data, DirectoryInfo work, JsonLines lines)
{
    private const int SearchesPerSecond = 200;
    private const int DocumentsPerSecond = 1_000;
    private const int Rounds = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(8);

    public async Task RunAsync(CancellationToken cancel)
    {
        string directory = Path.Combine(work.FullName, "latency");
        using var scratch = new ScratchDirectory(directory);
        var settings = new CollectionSettings { FlushRows = data.Documents.Count / 4, DiskReserveBytes = 0 };
        using CollectionStore store = CollectionStore.Open(directory, _ => settings);
        Collection collection = store.Create("latency", data.Schema);
        await data.WriteAsync(collection, 0, data.Documents.Count, cancel);
        await collection.FlushAsync(cancel);
        Searches(collection, WarmUp, static () => false);
        // In turns: what else the machine does hits each alike.
        var ratios = new List<(double Ingest, double Merge)>();
        int next = data.Documents.Count;
        for (int round = 0; round < Rounds; round++)
        {
            SearchTurn quiet = Searches(collection, Span, static () => false);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            Task<int> ingest = IngestAsync(collection, next, stop.Token);
            SearchTurn beside = Searches(collection, Span, static () => false);
            await stop.CancelAsync();
            next = await ingest;
            await collection.FlushAsync(cancel);
            Task merge = collection.OptimiseAsync(cancel: cancel);
            SearchTurn merging = Searches(collection, TimeSpan.MaxValue, () => merge.IsCompleted);
            await merge;
            Report(round, "quiet", quiet, quiet);
            Report(round, "ingest", beside, quiet);
            Report(round, "merge", merging, quiet);
            ratios.Add((beside.Latency.P99 / quiet.Latency.P99, merging.Latency.P99 / quiet.Latency.P99));
        }
        Console.WriteLine(
            $"median of p99 over that of the quiet turn before it: ingest {Median(ratios.Select(static r => r.Ingest)):F2}x, "
            + $"merge {Median(ratios.Select(static r => r.Merge)):F2}x");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    // Open loop: a search is late when it had to wait for the one before.
    private SearchTurn Searches(Collection collection, TimeSpan span, Func<bool> ended)
    {
        var micros = new List<double>();
        int collections = GC.CollectionCount(0);
        TimeSpan paused = GC.GetTotalPauseDuration();
        long allocated = GC.GetTotalAllocatedBytes();
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(began) < span && !ended(); i++)
        {
            TimeSpan due = TimeSpan.FromSeconds((double)i / SearchesPerSecond);
            TimeSpan early = due - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                Thread.Sleep(early);
                due = Stopwatch.GetElapsedTime(began);
            }
            collection.Search(new SearchRequest { Query = data.Query(i) });
            micros.Add((Stopwatch.GetElapsedTime(began) - due).TotalMicroseconds);
        }
        return new SearchTurn(
            Percentiles.Of(micros), GC.CollectionCount(0) - collections, (GC.GetTotalPauseDuration() - paused).TotalMilliseconds,
            GC.GetTotalAllocatedBytes() - allocated);
    }

    /// <returns>The first row that was not written.</returns>
    private async Task<int> IngestAsync(Collection collection, int first, CancellationToken stop)
    {
        const int Batch = 100;
        long began = Stopwatch.GetTimestamp();
        for (int sent = 0; !stop.IsCancellationRequested; sent += Batch)
        {
            TimeSpan early = TimeSpan.FromSeconds((double)sent / DocumentsPerSecond) - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, CancellationToken.None);
            }
            await collection.WriteAsync([.. Enumerable.Range(first, Batch).Select(data.Put)], cancel: CancellationToken.None);
            first += Batch;
        }
        return first;
    }

    private void Report(int round, string during, SearchTurn turn, SearchTurn quiet)
    {
        Percentiles now = turn.Latency;
        double ratio = now.P99 / quiet.Latency.P99;
        lines.Append(new
        {
            Type = "latency",
            Round = round,
            During = during,
            now.Count,
            now.P50,
            now.P99,
            now.P999,
            RatioP99 = ratio,
            turn.Collections,
            turn.PauseMillis,
            turn.AllocatedBytes,
        });
        Console.WriteLine(
            $"{during,-7} {now.Count,6} searches: p50 {now.P50:F0} us, p99 {now.P99:F0} us ({ratio:F2}x quiet), p99.9 {now.P999:F0} us; "
            + $"{turn.Collections} collections, {turn.PauseMillis:F1} ms paused, {turn.AllocatedBytes >> 20} MiB allocated");
    }
}
