using System.CommandLine;
using System.Text.Json;
using SearchEngine.Cli.Remote;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Training.Corpus;
using SearchEngine.Training.Mining;

namespace SearchEngine.Cli;

/// <summary><c>mine-negatives</c>: triplets for training an encoder elsewhere.</summary>
internal static class MineNegativesCommand
{
    private static readonly Option<string> Corpus = new("--corpus") { Required = true, Description = "JSON lines with \"text\" and, if there are any, \"_id\" and \"title\"." };
    private static readonly Option<string?> Pairs = new("--pairs") { Description = "Lines of a query, a tab and the id of a document that answers it. Without it, titles and their texts." };
    private static readonly Option<string> Encoder = new("--encoder") { Required = true, Description = "Folder of the encoder that finds candidates." };
    private static readonly Option<string?> Reranker = new("--reranker") { Description = "Folder of a model that scores pairs; candidates that it scores like the positive are left out." };
    private static readonly Option<string> Out = new("--out") { Required = true, Description = "JSON lines: query, positive, negatives and their ids." };
    private static readonly Option<int> Negatives = new("--negatives") { DefaultValueFactory = _ => new MiningOptions().Negatives, Description = "Negatives of a query at most." };
    private static readonly Option<int> Depth = new("--depth") { DefaultValueFactory = _ => new MiningOptions().Depth, Description = "Nearest passages that are looked at." };
    private static readonly Option<int> Skip = new("--skip") { DefaultValueFactory = _ => new MiningOptions().Skip, Description = "Nearest passages that are left out unseen." };
    private static readonly Option<float> Margin = new("--margin") { DefaultValueFactory = _ => new MiningOptions().Margin, Description = "How far below the positive the reranker must score a negative." };

    private static readonly Option<bool> Json = new("--json") { Description = "The counts as one JSON object." };

    public static Command Create()
    {
        var command = new Command(
            "mine-negatives",
            """
            Writes (query, positive, negatives) for training an encoder elsewhere. The file appears whole or not at all.

            Example:
              searchengine mine-negatives --corpus corpus.jsonl --encoder models/ours/encoder --reranker models/ours/reranker --out triplets.jsonl
            """)
        {
            Corpus, Pairs, Encoder, Reranker, Out, Negatives, Depth, Skip, Margin, Json,
        };
        command.SetAction((parsed, cancel) =>
        {
            OutputForm form = parsed.GetValue(Json) ? OutputForm.Json : OutputForm.Text;
            return Failures.ReportAsync("mine-negatives", form, cancel, () => Task.FromResult(Run(parsed, form, cancel)));
        });
        return command;
    }

    private static int Run(ParseResult parsed, OutputForm form, CancellationToken cancel)
    {
        MiningOptions options = Options(parsed);
        var passages = TextFiles.ReadCorpus(parsed.GetRequiredValue(Corpus));
        var pairs = parsed.GetValue(Pairs) is { } path ? TextFiles.ReadPairs(path) : [];
        using var runtime = OnnxRuntime.Load();
        using var encoder = ModelArguments.Open(parsed.GetRequiredValue(Encoder), EncoderOutputs.Dense, runtime, Environment.ProcessorCount);
        using var reranker = parsed.GetValue(Reranker) is { } folder
            ? ModelArguments.Open(folder, EncoderOutputs.Score, runtime, Environment.ProcessorCount)
            : null;
        var report = TripletMiner.Mine(passages, pairs, encoder, reranker, options, cancel);
        TripletFile.Write(parsed.GetRequiredValue(Out), report.Triplets);
        int negatives = report.Triplets.Sum(triplet => triplet.Negatives.Count);
        Console.WriteLine(form == OutputForm.Json
            ? JsonSerializer.Serialize(new { queries = report.Triplets.Count, negatives, false_negatives = report.FalseNegatives })
            : $"{report.Triplets.Count} queries with {negatives} negatives; {report.FalseNegatives} candidates were left out, scored like the positive.");
        return ExitCode.Ok;
    }

    /// <exception cref="UsageException">A value is out of its range.</exception>
    private static MiningOptions Options(ParseResult parsed)
    {
        var options = new MiningOptions
        {
            Negatives = parsed.GetValue(Negatives),
            Depth = parsed.GetValue(Depth),
            Skip = parsed.GetValue(Skip),
            Margin = parsed.GetValue(Margin),
        };
        UsageException.Check(options.Validate);
        return options;
    }
}
