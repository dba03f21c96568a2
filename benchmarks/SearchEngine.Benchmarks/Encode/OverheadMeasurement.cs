using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;
using SearchEngine.Models.Inference;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>One query at a time: the model alone, and the same text through tokenizer, queue and wire, in turns.</summary>
internal sealed class OverheadMeasurement(EncodeSystems systems, ServedEncoder served, JsonLines output)
{
    private const int Tokens = 32, Seed = 31;

    /// <summary>Calls of one side in a row.</summary>
    private const int Turn = 5, WarmUpCalls = 600;

    public async Task RunAsync(int turns, CancellationToken cancel)
    {
        var text = new TextMix(Seed).Text(Tokens);
        var tokens = systems.Prepare(text);
        using var run = systems.Model.CreateRun();
        var results = new EncodedBatch();
        // Compiling what is called for the first times is no part of a call, and .NET does so in tiers: after 100 calls half of what the
        // service seemed to add was the compiler.
        for (var call = 0; call < WarmUpCalls; call++)
            await served.QueryAsync(text, cancel);
        var (alone, service) = (new CallTimes(), new CallTimes());
        for (var turn = 0; turn < turns; turn++)
        {
            await alone.TakeAsync(Turn, () =>
            {
                run.Encode([tokens], new EncodeBatchOptions(), results, cancel);
                return Task.CompletedTask;
            });
            await service.TakeAsync(Turn, () => served.QueryAsync(text, cancel));
        }
        var line = new OverheadLine(
            "overhead", tokens.Count, turns * Turn, alone.Percentile(0.5), service.Percentile(0.5), service.Percentile(0.5) / alone.Percentile(0.5) - 1, service.Percentile(0.1) / alone.Percentile(0.1) - 1,
            service.ProcessorMillis / alone.ProcessorMillis - 1);
        output.Append(line);
        Console.WriteLine(JsonLines.Format(line));
    }

    /// <summary>Times of calls, and the processor time of the whole process meanwhile, client included: other jobs hardly touch that.</summary>
    private sealed class CallTimes
    {
        private readonly List<double> _millis = [];

        public double ProcessorMillis { get; private set; }

        public double Percentile(double share) => _millis.Order().ElementAt((int)(_millis.Count * share));

        public async Task TakeAsync(int calls, Func<Task> call)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < calls; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await call();
                _millis.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            ProcessorMillis += (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }
    }
}
