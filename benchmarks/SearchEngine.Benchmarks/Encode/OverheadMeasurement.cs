using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Models.Inference;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>One query at a time: the model alone, and the same text through tokenizer, queue and wire, in turns.</summary>
internal sealed class OverheadMeasurement(EncodeSystems systems, ServedEncoder served, JsonLines output)
{
    private const int Tokens = 32, Seed = 31;

    public async Task RunAsync(int calls, CancellationToken cancel)
    {
        var text = new TextMix(Seed).Text(Tokens);
        var tokens = systems.Prepare(text);
        using var run = systems.Model.CreateRun();
        var results = new EncodedBatch();
        List<double> alone = [], service = [];
        for (var call = 0; call < calls; call++)
        {
            var began = Stopwatch.GetTimestamp();
            run.Encode([tokens], new EncodeBatchOptions(), results, cancel);
            alone.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            began = Stopwatch.GetTimestamp();
            await served.QueryAsync(text, cancel);
            service.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        var (inference, whole) = (At(alone, 0.5), At(service, 0.5));
        // Other jobs of the machine hardly touch the quickest calls.
        var (quickest, quickestWhole) = (At(alone, 0.05), At(service, 0.05));
        var line = new OverheadLine(
            "overhead", tokens.Count, calls, inference, whole, whole / inference - 1, quickest, quickestWhole, quickestWhole / quickest - 1);
        output.Append(line);
        Console.WriteLine(JsonLines.Format(line));
    }

    private static double At(List<double> values, double share) => values.Order().ElementAt((int)(share * values.Count));
}
