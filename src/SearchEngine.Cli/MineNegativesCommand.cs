using System.CommandLine;
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

    public static Command Create()
    {
        var command = new Command(
            "mine-negatives", "Writes (query, positive, negatives) for training an encoder elsewhere. Ends with 0 if they were written, 1 if not.")
        {
            Corpus, Pairs, Encoder, Reranker, Out, Negatives, Depth, Skip, Margin,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(parsed, cancel)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancel)
    {
        try
        {
            var passages = TextFiles.ReadCorpus(parsed.GetRequiredValue(Corpus));
            var pairs = parsed.GetValue(Pairs) is { } path ? TextFiles.ReadPairs(path) : [];
            using var runtime = OnnxRuntime.Load();
            using var encoder = ModelArguments.Open(parsed.GetRequiredValue(Encoder), EncoderOutputs.Dense, runtime, Environment.ProcessorCount);
            using var reranker = parsed.GetValue(Reranker) is { } folder
                ? ModelArguments.Open(folder, EncoderOutputs.Score, runtime, Environment.ProcessorCount)
                : null;
            var report = TripletMiner.Mine(passages, pairs, encoder, reranker, new MiningOptions
            {
                Negatives = parsed.GetValue(Negatives),
                Depth = parsed.GetValue(Depth),
                Skip = parsed.GetValue(Skip),
                Margin = parsed.GetValue(Margin),
            }, cancel);
            TripletFile.Write(parsed.GetRequiredValue(Out), report.Triplets);
            Console.WriteLine(
                $"{report.Triplets.Count} queries with {report.Triplets.Sum(triplet => triplet.Negatives.Count)} negatives; "
                + $"{report.FalseNegatives} candidates were left out, scored like the positive.");
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("searchengine mine-negatives: stopped; nothing was written.");
            return 1;
        }
        catch (Exception wrong) when (ModelArguments.IsOfTheCaller(wrong))
        {
            Console.Error.WriteLine($"searchengine mine-negatives: {wrong.Message}");
            return 1;
        }
    }
}
