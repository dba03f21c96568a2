using System.Diagnostics;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>
/// What ONNX Runtime gives to a program that knows all its texts beforehand: sorted by length, cut into batches of nearly equal
/// lengths, as many at once as there are executors. The most that any service could reach.
/// </summary>
internal sealed class PlainThroughput(OnnxRuntime runtime, EncoderModel model, int executors)
{
    /// <summary>Padded tokens of a batch; the best is taken.</summary>
    private static readonly int[] Budgets = [256, 512, 1_024];

    /// <summary>Seconds of the fastest budget; each is told to <paramref name="tried"/>.</summary>
    public double Seconds(IReadOnlyList<TokenSequence> texts, Action<int, double> tried)
    {
        var best = double.PositiveInfinity;
        foreach (var budget in Budgets)
        {
            var seconds = Seconds(Batches(texts, budget));
            tried(budget, seconds);
            best = Math.Min(best, seconds);
        }
        return best;
    }

    private double Seconds(IReadOnlyList<TokenSequence[]> batches)
    {
        var capacity = batches.Max(b => b.Length * b.Max(t => t.Count));
        var next = -1;
        var began = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, executors).Select(_ => new Thread(() =>
        {
            using var run = new PlainRun(runtime, model, capacity);
            while (Interlocked.Increment(ref next) is var batch && batch < batches.Count)
                run.Execute(batches[batch]);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Longest first, so that no thread is left with a long one at the end.</summary>
    private static List<TokenSequence[]> Batches(IReadOnlyList<TokenSequence> texts, int budget)
    {
        var batches = new List<TokenSequence[]>();
        var sorted = texts.OrderByDescending(t => t.Count).ToArray();
        for (var at = 0; at < sorted.Length;)
        {
            var rows = Math.Clamp(budget / sorted[at].Count, 1, sorted.Length - at);
            batches.Add(sorted[at..(at + rows)]);
            at += rows;
        }
        return batches;
    }
}
