using System.Diagnostics;
using SearchEngine.Encoder.Batching;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Loading;

/// <summary>
/// Runs a grid of batch sizes and lengths, which warms a model up and measures it: from the times come the cost model and the batch
/// budget that everything else is decided by.
/// </summary>
/// <param name="Time">After so long the grid ends with the shapes it has.</param>
internal sealed record WarmUpPlan(TimeSpan Time)
{
    /// <summary>Padded tokens of the largest batch tried: beyond it only an accelerator gains, and its budget grows with the grid.</summary>
    private const int GreatestTokens = 2_048;

    private const int Rounds = 3;

    private static readonly int[] Lengths = [16, 32, 64, 128, 256, 512];

    private static readonly int[] Rows = [1, 2, 4, 8, 16, 32];

    public ModelPace Measure(EncoderModel model, CancellationToken cancel)
    {
        using var run = model.CreateRun();
        var results = new EncodedBatch();
        // What most calls ask for; heads cost little beside the layers below them.
        var options = new EncodeBatchOptions { Outputs = model.Outputs.HasFlag(EncoderOutputs.Dense) ? EncoderOutputs.Dense : model.Outputs };
        var samples = new List<CostSample>();
        var began = Stopwatch.GetTimestamp();
        foreach (var (rows, length) in Grid(model.Descriptor.MaxTokens))
        {
            // Small shapes first: what is measured before the time is over can be fitted.
            if (samples.Count > 0 && Stopwatch.GetElapsedTime(began) > Time)
                break;
            var batch = Enumerable.Range(0, rows).Select(row => TextOf(model, length, row)).ToArray();
            samples.Add(new CostSample(rows, length, Fastest(run, batch, options, results, cancel)));
        }
        return new ModelPace(CostFit.Fit(samples), CostFit.Budget(samples), model.Descriptor.MaxTokens);
    }

    private static IEnumerable<(int Rows, int Length)> Grid(int maxTokens)
    {
        var lengths = Lengths.Where(l => l < maxTokens).Append(Math.Min(maxTokens, Lengths[^1])).Distinct();
        return lengths.SelectMany(length => Rows.Select(rows => (rows, length)))
            .Where(shape => shape.rows == 1 || shape.rows * shape.length <= GreatestTokens)
            .OrderBy(shape => shape.rows * shape.length);
    }

    private static double Fastest(
        EncoderRun run, TokenSequence[] batch, EncodeBatchOptions options, EncodedBatch results, CancellationToken cancel)
    {
        var least = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            run.Encode(batch, options, results, cancel);
            least = Math.Min(least, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return Math.Max(least, 1e-6);
    }

    private static TokenSequence TextOf(EncoderModel model, int length, int row)
    {
        var ids = new int[length];
        for (var i = 0; i < length; i++)
            ids[i] = (row * length + i) % model.Tokenizer.IdBound;
        var tokens = new TokenSequence();
        model.PrepareIds(ids, tokens);
        return tokens;
    }
}
