using SearchEngine.Benchmarks.Vectors;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>The same texts through plain calls, the batcher and the service, in turns.</summary>
internal sealed class ThroughputMeasurement(EncodeSystems systems, ServedEncoder served, JsonLines output)
{
    private const int Seed = 11;

    /// <summary>Passes before the first that counts, each over one text of so many.</summary>
    private const int WarmUpPasses = 3, WarmUpShare = 4;

    /// <summary>Texts of a client that are unanswered.</summary>
    public const int Window = 256;

    public async Task RunAsync(int texts, int rounds, CancellationToken cancel)
    {
        var mix = new TextMix(Seed).Take(texts);
        var tokens = mix.Select(systems.Prepare).ToList();
        var total = tokens.Sum(t => (long)t.Count);
        // Compiling what runs for the first times is no part of a pass: it took the service a second and a half of two cores' six.
        for (var pass = 0; pass < WarmUpPasses; pass++)
            await served.StreamAsync(mix.Where((_, at) => at % WarmUpShare == 0), Window, cancel);
        List<Pass> plain = [], fifo = [], service = [];
        var padding = 0.0;
        for (var round = 0; round < rounds; round++)
        {
            plain.Add(await systems.Plain.BestAsync(tokens, (budget, pass) => Tell($"plain-{budget}", pass, 0)));
            using (var batcher = systems.Fifo())
            {
                fifo.Add(await Pass.OfAsync(() => Task.WhenAll(tokens.Select(batcher.Submit))));
                Tell("fifo", fifo[^1], batcher.PaddingShare);
            }
            service.Add(await Pass.OfAsync(async () => padding = (await served.StreamAsync(mix, Window, cancel)).Batch.PaddingShare));
            Tell("service", service[^1], padding);

            void Tell(string system, Pass pass, double share) => output.Append(new ThroughputLine(
                "throughput", system, round, texts, total, pass.Seconds, pass.ProcessorSeconds, total / pass.Seconds, share));
        }
        var line = new ThroughputSummary(
            "throughput_summary", Ratio(plain, service, p => p.Seconds), Ratio(fifo, service, p => p.Seconds),
            Ratio(plain, service, p => p.ProcessorSeconds), padding);
        output.Append(line);
        Console.WriteLine(JsonLines.Format(line));
    }

    private static double Ratio(List<Pass> other, List<Pass> ours, Func<Pass, double> of) => Median([.. other.Select(of)]) / Median([.. ours.Select(of)]);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
