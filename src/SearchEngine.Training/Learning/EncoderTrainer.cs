using System.Diagnostics;
using SearchEngine.Evaluation;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Learning;

/// <summary>
/// The training of an encoder in rounds: hard negatives are mined, steps are made, the held-out passages are judged, and the whole
/// state goes to disk. A killed training goes on from its last round and ends with the same model.
/// </summary>
internal sealed class EncoderTrainer
{
    public const int Rounds = 10;

    /// <summary>The first rounds learn from the other pairs of a batch alone: a fresh encoder's neighbours teach little.</summary>
    private const int RoundsWithoutMining = 2;

    /// <summary>Rounds without a better judgement after which training ends.</summary>
    private const int Patience = 4;

    private const int WarmUpSteps = 20;

    private static readonly LearningRates FullRates = new(0.001f, 0.005f, 0.0005f);

    private readonly TrainingTexts _texts;
    private readonly TrainingOptions _options;
    private readonly Workers _workers;
    private readonly HeldOutJudge _judge;
    private readonly PairSampler _sampler;
    private readonly Checkpoint _checkpoint;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly int _steps;
    private readonly ContrastiveOptions _loss;

    public EncoderTrainer(
        TrainingTexts texts, TrainingOptions options, HeldOutJudge judge, Checkpoint checkpoint, Workers workers,
        IProgress<TrainingProgress>? progress)
    {
        (_texts, _options, _judge, _checkpoint, _workers, _progress) = (texts, options, judge, checkpoint, workers, progress);
        _sampler = new PairSampler(texts, options.Seed);
        _steps = StepsFor(options, texts.Learned.Count + texts.Labelled.Count);
        _loss = new ContrastiveOptions([.. PrefixesOf(options.Dimension)], options.Temperature);
    }

    /// <summary>Lengths at which vectors are good for themselves, the full one last.</summary>
    public static IEnumerable<int> PrefixesOf(int dimension) =>
        new[] { 64, 128 }.Where(prefix => prefix < dimension).Append(dimension);

    /// <summary>Trains from where the checkpoint stands, or from <paramref name="start"/>.</summary>
    /// <param name="start">Makes the parameters to begin with; not called when a training is resumed.</param>
    public EncoderTraining Train(Func<EncoderParameters> start, int vocabulary)
    {
        var parameters = _checkpoint.Exists ? new EncoderParameters(vocabulary, _options.Dimension) : start();
        var optimizer = new EncoderOptimizer(parameters);
        var best = new EncoderParameters(vocabulary, _options.Dimension);
        var state = new RoundState();
        float[][] arrays = [.. parameters.All(), .. optimizer.State(), .. best.All()];
        if (_checkpoint.Exists)
            state.Restore(_checkpoint, arrays);
        else
            state.Start(RecallOf(parameters));
        if (state.Round == 0)
            CopyTo(best, parameters);
        var clock = Stopwatch.StartNew();
        while (state.Round < Rounds && state.Round - state.BestRound < Patience && !IsOver(clock))
        {
            var loss = Round(state.Round, parameters, optimizer);
            var recall = RecallOf(parameters);
            if (state.Finish(recall))
                CopyTo(best, parameters);
            _progress?.Report(new TrainingProgress("encoder", StepOf(state.Round), _steps, loss, _judge.Queries > 0 ? recall : null));
            state.Save(_checkpoint, arrays);
        }
        return new EncoderTraining(best, StepOf(state.BestRound), StepOf(state.Round), IsOver(clock));
    }

    private static int StepsFor(TrainingOptions options, int pairs)
    {
        // 2026-11-26: 1,400 passages gain nothing after 300 steps, 100,000 still do after 2,000.
        const int Least = 300, Most = 6000, Epochs = 5;
        return options.Steps ?? Math.Clamp(Epochs * pairs / options.Batch, Least, Most);
    }

    private bool IsOver(Stopwatch clock) => _options.TimeLimit is { } limit && clock.Elapsed > limit;

    private int StepOf(int round) => (int)((long)_steps * round / Rounds);

    private double Round(int round, EncoderParameters parameters, EncoderOptimizer optimizer)
    {
        if (_texts.Learned.Count < 2)
            return 0;
        var negatives = round < RoundsWithoutMining
            ? null
            : HardNegatives.Mine(parameters, _texts, round, _options, _workers);
        var loss = 0.0;
        var (from, to) = (StepOf(round), StepOf(round + 1));
        for (var step = from; step < to; step++)
        {
            var batch = _sampler.Draw(step, _options.Batch, negatives);
            var gradient = BatchGradient.Of(parameters, batch, _loss, _workers);
            var rate = Math.Min(1f, (step + 1f) / WarmUpSteps) * (1 - (float)step / _steps);
            optimizer.Step(gradient, FullRates.Scaled(rate), _workers);
            loss += gradient.Loss / (to - from);
        }
        return loss;
    }

    private double RecallOf(EncoderParameters parameters) => QueryMetrics.MeanOf(_judge.Judge(parameters)).Recall10;

    private static void CopyTo(EncoderParameters target, EncoderParameters source)
    {
        foreach (var (to, from) in target.All().Zip(source.All()))
            from.CopyTo(to, 0);
    }
}
