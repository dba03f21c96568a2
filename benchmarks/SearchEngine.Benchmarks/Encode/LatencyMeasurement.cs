using SearchEngine.Benchmarks.Collections;
using SearchEngine.Benchmarks.Vectors;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>The mixed load against the service, over the wire, and against the batcher, in turns.</summary>
internal sealed class LatencyMeasurement(EncodeSystems systems, ServedEncoder served, JsonLines output)
{
    public async Task RunAsync(MixedLoad load, int rounds, CancellationToken cancel)
    {
        List<(double Query, double Bulk)> ours = [], others = [];
        for (var round = 0; round < rounds; round++)
        {
            var service = await load.RunAsync(
                text => served.QueryAsync(text, cancel), (query, documents) => served.ScoreAsync(query, documents, cancel),
                texts => served.StreamAsync(texts, ThroughputMeasurement.Window, cancel));
            ours.Add((service.Queries.P99, service.Bulk));
            Tell("service", round, service);
            using var batcher = systems.Fifo();
            var fifo = await load.RunAsync(
                text => batcher.Submit(systems.Prepare(text)),
                (query, documents) => Task.WhenAll(documents.Select(document => batcher.Submit(systems.Pair(query, document)))),
                texts => StreamAsync(batcher, texts));
            others.Add((fifo.Queries.P99, fifo.Bulk));
            Tell("fifo", round, fifo);
        }
        var (query, fifoQuery) = (ours.Average(o => o.Query), others.Average(o => o.Query));
        var line = new LatencySummary(
            "latency_summary", query, fifoQuery, query / fifoQuery, ours.Average(o => o.Bulk), others.Average(o => o.Bulk));
        output.Append(line);
        Console.WriteLine(JsonLines.Format(line));
    }

    private async Task StreamAsync(FifoBatcher batcher, IEnumerable<string> texts)
    {
        var open = new HashSet<Task>();
        foreach (var text in texts)
        {
            open.Add(batcher.Submit(systems.Prepare(text)));
            while (open.Count >= ThroughputMeasurement.Window)
            {
                await Task.WhenAny(open);
                open.RemoveWhere(t => t.IsCompleted);
            }
        }
        await Task.WhenAll(open);
    }

    private void Tell(string system, int round, (Percentiles Queries, Percentiles Reranks, double Bulk) seen)
    {
        output.Append(new LatencyLine("latency", system, round, "query", seen.Queries.Count, seen.Queries.P50, seen.Queries.P99, 0));
        output.Append(new LatencyLine("latency", system, round, "rerank", seen.Reranks.Count, seen.Reranks.P50, seen.Reranks.P99, 0));
        output.Append(new LatencyLine("latency", system, round, "bulk", 0, 0, 0, seen.Bulk));
    }
}
