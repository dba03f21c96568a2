using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;
using SearchEngine.Models.Onnx;
using SearchEngine.Training;
using SearchEngine.Training.Corpus;

namespace SearchEngine.Cli;

/// <summary><c>train</c>: an encoder and a reranker of one's own, from text alone.</summary>
internal static class TrainCommand
{
    private const double LongestMinutes = 100_000;

    private static readonly Option<string> Corpus = new("--corpus") { Required = true, Description = "JSON lines with \"text\" and, if there are any, \"_id\" and \"title\"." };
    private static readonly Option<string?> Pairs = new("--pairs") { Description = "Lines of a query, a tab and the id of a document that answers it. Without it, pairs are made from the corpus." };
    private static readonly Option<string> Out = new("--out") { Required = true, Description = "Receives the folders encoder and reranker. A training that was interrupted goes on there." };
    private static readonly Option<int> Vocabulary = new("--vocab") { DefaultValueFactory = _ => new TrainingOptions().Vocabulary, Description = "Pieces of the tokenizer at most." };
    private static readonly Option<int> Dimension = new("--dim") { DefaultValueFactory = _ => new TrainingOptions().Dimension, Description = "Elements of a vector; 64 and 128 are offered as shorter ones." };
    private static readonly Option<int?> Steps = new("--steps") { Description = "Steps of the encoder; by default by the size of the corpus." };
    private static readonly Option<double?> Minutes = new("--minutes") { Description = "Ends the steps at the next judgement after this time. A model that it cut short is not the same everywhere." };
    private static readonly Option<ulong> Seed = new("--seed") { DefaultValueFactory = _ => 1, Description = "The same seed and texts give the same files." };
    private static readonly Option<int> Threads = new("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Changes the time, not the model." };
    private static readonly Option<TrainingPurpose> Purpose = new("--purpose") { Description = "OwnCorpus for texts like those of the corpus, General for texts of any kind." };
    private static readonly Option<string> Name = new("--name") { DefaultValueFactory = _ => "", Description = "Name in the descriptor." };

    private static readonly Option<bool> Json = new("--json") { Description = "The report as one JSON object on standard output, progress on standard error." };

    public static Command Create()
    {
        var command = new Command(
            "train",
            """
            Trains an encoder and a reranker on a corpus, without labels and without a GPU, and says how they compare with BM25 on passages that were held out.

            Example:
              searchengine train --corpus corpus.jsonl --out models/ours
              searchengine encode --model models/ours/encoder --model models/ours/reranker
            """)
        {
            Corpus, Pairs, Out, Vocabulary, Dimension, Steps, Minutes, Seed, Purpose, Threads, Name, Json,
        };
        command.SetAction((parsed, cancel) =>
        {
            OutputForm form = parsed.GetValue(Json) ? OutputForm.Json : OutputForm.Text;
            return Failures.ReportAsync("train", form, cancel, () => Task.FromResult(Run(parsed, form, cancel)));
        });
        return command;
    }

    private static int Run(ParseResult parsed, OutputForm form, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // The process gives commands no time of their own when it is told to end; a training says first how to go on.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => { signal.Cancel = true; stop.Cancel(); });
        TrainingOptions options = Options(parsed);
        try
        {
            using var runtime = LoadRuntime();
            var report = ModelTrainer.Train(
                TextFiles.ReadCorpus(parsed.GetRequiredValue(Corpus)),
                parsed.GetValue(Pairs) is { } pairs ? TextFiles.ReadPairs(pairs) : [],
                options, parsed.GetRequiredValue(Out), runtime,
                new ProgressLines(form == OutputForm.Json ? Console.Error : Console.Out), stop.Token);
            if (form == OutputForm.Json) Console.WriteLine(JsonSerializer.Serialize(report, JsonReport.Options));
            else RankingTable.Write(report, Console.Out);
            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new InputException("stopped; the same command goes on from the last judgement.");
        }
    }

    /// <exception cref="UsageException">A value is out of its range.</exception>
    private static TrainingOptions Options(ParseResult parsed)
    {
        var options = new TrainingOptions
        {
            Vocabulary = parsed.GetValue(Vocabulary),
            Dimension = parsed.GetValue(Dimension),
            Steps = parsed.GetValue(Steps),
            TimeLimit = parsed.GetValue(Minutes) is { } minutes ? Limit(minutes) : null,
            Seed = parsed.GetValue(Seed),
            Purpose = parsed.GetValue(Purpose),
            Threads = parsed.GetValue(Threads),
            Name = parsed.GetRequiredValue(Name),
        };
        UsageException.Check(options.Validate);
        return options;
    }

    private static TimeSpan Limit(double minutes) => minutes is > 0 and <= LongestMinutes
        ? TimeSpan.FromMinutes(minutes)
        : throw new UsageException($"--minutes: {minutes} is no time; it has to be above 0 and at most {LongestMinutes}.");

    private static OnnxRuntime? LoadRuntime()
    {
        try
        {
            return OnnxRuntime.Load();
        }
        catch (OnnxLibraryException missing)
        {
            Console.Error.WriteLine($"searchengine train: models are written without golden texts, and unopened: {missing.Message}");
            return null;
        }
    }

    /// <summary>One line per report, from the thread that reports: <see cref="Progress{T}"/> would reorder them.</summary>
    private sealed class ProgressLines(TextWriter output) : IProgress<TrainingProgress>
    {
        private readonly System.Diagnostics.Stopwatch _clock = System.Diagnostics.Stopwatch.StartNew();

        public void Report(TrainingProgress value)
        {
            var details = value.Steps == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture, $"  step {value.Step} of {value.Steps}  loss {value.Loss:F4}");
            var recall = value.HeldOutRecall is { } found ? string.Create(CultureInfo.InvariantCulture, $"  held-out recall@10 {found:F3}") : "";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,7:F1} s  {value.Phase}{details}{recall}"));
        }
    }
}
