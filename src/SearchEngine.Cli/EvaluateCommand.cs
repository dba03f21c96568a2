using System.CommandLine;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Training.Judging;

namespace SearchEngine.Cli;

/// <summary><c>model evaluate</c>: a model folder on a judged collection, beside BM25.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> Folder = new("folder") { Description = "Folder of an encoder." };
    private static readonly Option<string> Collection = new("--collection") { Required = true, Description = "Folder with corpus.jsonl, queries.jsonl and qrels/test.tsv (BEIR's layout)." };
    private static readonly Option<string?> Reranker = new("--reranker") { Description = "Folder of a model that scores pairs; it reranks the encoder's first 100." };
    private static readonly Option<int> Threads = new("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Threads of the models and of the search." };

    public static Command Create()
    {
        var command = new Command(
            "evaluate", "Ranks a judged collection by BM25, by the model, by both, and shows measures with bootstrap intervals. Ends with 0, or 1 if it could not.")
        {
            Folder, Collection, Reranker, Threads,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(parsed, cancel)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancel)
    {
        try
        {
            var threads = parsed.GetValue(Threads);
            var collection = JudgedCollection.Read(parsed.GetRequiredValue(Collection));
            using var runtime = OnnxRuntime.Load();
            using var encoder = ModelArguments.Open(parsed.GetRequiredValue(Folder), EncoderOutputs.Dense, runtime, threads);
            using var reranker = parsed.GetValue(Reranker) is { } folder ? ModelArguments.Open(folder, EncoderOutputs.Score, runtime, threads) : null;
            Console.WriteLine($"{collection.Documents.Count} documents, {collection.Queries.Count} judged queries.\n");
            RankingTable.Write(CollectionReport.Of(collection, encoder, reranker, threads, cancel), Console.Out);
            return 0;
        }
        catch (Exception wrong) when (ModelArguments.IsOfTheCaller(wrong))
        {
            Console.Error.WriteLine($"searchengine model evaluate: {wrong.Message}");
            return 1;
        }
    }
}
