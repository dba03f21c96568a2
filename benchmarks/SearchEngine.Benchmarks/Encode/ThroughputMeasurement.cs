using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>The same texts through plain calls, the batcher and the service, in turns.</summary>
internal sealed class ThroughputMeasurement(EncodeSystems systems, ServedEncoder served, JsonLines output)
{
    private const int Seed = 11;

    /// <summary>Texts of a client that are unanswered.</summary>
    public const int Window = 256;

    public async Task RunAsync(int texts, int rounds, CancellationToken cancel)
    {
        var mix = new TextMix(Seed).Take(texts);
        var tokens = mix.Select(systems.Prepare).ToList();
        var total = tokens.Sum(t => (long)t.Count);
        List<double> plain = [], fifo = [], service = [];
        var padding = 0.0;
        for (var round = 0; round < rounds; round++)
        {
            plain.Add(systems.Plain.Seconds(tokens, (budget, seconds) => Tell($"plain-{budget}", seconds, 0)));
            using (var batcher = systems.Fifo())
            {
                var began = Stopwatch.GetTimestamp();
                await Task.WhenAll(tokens.Select(batcher.Submit));
                fifo.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                Tell("fifo", fifo[^1], batcher.PaddingShare);
            }
            var start = Stopwatch.GetTimestamp();
            var summary = await served.StreamAsync(mix, Window, cancel);
            service.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            padding = summary.Batch.PaddingShare;
            Tell("service", service[^1], padding);

            void Tell(string system, double seconds, double share) =>
                output.Append(new ThroughputLine("throughput", system, round, texts, total, seconds, total / seconds, share));
        }
        var line = new ThroughputSummary(
            "throughput_summary", Median(plain) / Median(service), Median(fifo) / Median(service), padding);
        output.Append(line);
        Console.WriteLine(JsonLines.Format(line));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
