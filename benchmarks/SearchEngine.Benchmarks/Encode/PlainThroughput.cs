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

    /// <summary>The pass with the fastest budget; each is told to <paramref name="tried"/>.</summary>
    public async Task<Pass> BestAsync(IReadOnlyList<TokenSequence> texts, Action<int, Pass> tried)
    {
        var passes = new List<Pass>();
        foreach (var budget in Budgets)
        {
            var batches = Batches(texts, budget);
            passes.Add(await Pass.OfAsync(() => Task.Run(() => Run(batches))));
            tried(budget, passes[^1]);
        }
        return passes.MinBy(pass => pass.Seconds);
    }

    private void Run(IReadOnlyList<TokenSequence[]> batches)
    {
        var capacity = batches.Max(b => b.Length * b.Max(t => t.Count));
        var next = -1;
        var threads = Enumerable.Range(0, executors).Select(_ => new Thread(() =>
        {
            using var run = new PlainRun(runtime, model, capacity);
            while (Interlocked.Increment(ref next) is var batch && batch < batches.Count)
                run.Execute(batches[batch]);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
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
