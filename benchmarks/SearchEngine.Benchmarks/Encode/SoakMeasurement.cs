using System.Diagnostics;
using SearchEngine.Benchmarks.Vectors;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>Texts of random lengths without end, and what the process holds of memory meanwhile.</summary>
internal sealed class SoakMeasurement(ServedEncoder served, JsonLines output)
{
    private const int Seed = 41;

    private const double MegaByte = 1 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async Task RunAsync(TimeSpan time, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var texts = 0L;
        var samples = new List<(double Minutes, double Mb)>();
        using var sampling = new PeriodicTimer(Interval);
        var stream = served.StreamAsync(Texts(), ThroughputMeasurement.Window, cancel);
        while (!stream.IsCompleted)
        {
            await sampling.WaitForNextTickAsync(cancel);
            var (elapsed, mb) = (Stopwatch.GetElapsedTime(began), Environment.WorkingSet / MegaByte);
            samples.Add((elapsed.TotalMinutes, mb));
            output.Append(new SoakLine("soak", elapsed.TotalSeconds, Interlocked.Read(ref texts), mb));
        }
        await stream;
        var quarter = Math.Max(1, samples.Count / 4);
        var (early, late) = (samples.Skip(quarter).Take(quarter).ToList(), samples.TakeLast(quarter).ToList());
        var line = new SoakSummary(
            "soak_summary", time.TotalMinutes, texts, early.Average(s => s.Mb), late.Average(s => s.Mb), samples.Max(s => s.Mb),
            (late.Average(s => s.Mb) - early.Average(s => s.Mb)) / Math.Max(1e-9, late.Average(s => s.Minutes) - early.Average(s => s.Minutes)));
        output.Append(line);
        Console.WriteLine(JsonLines.Format(line));

        IEnumerable<string> Texts()
        {
            var mix = new TextMix(Seed);
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                Interlocked.Increment(ref texts);
                yield return mix.Between(3, EncodeModel.MaxTokens);
            }
        }
    }
}
