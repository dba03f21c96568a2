using System.Diagnostics;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>What one pass over the texts took, on the clock and of the processor.</summary>
internal readonly record struct Pass(double Seconds, double ProcessorSeconds)
{
    public static async Task<Pass> OfAsync(Func<Task> work)
    {
        var (processor, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await work();
        return new Pass(Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
