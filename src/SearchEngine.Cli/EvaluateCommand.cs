using System.CommandLine;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;
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
            var options = EncoderModelOptions.Default with { Session = OnnxSessionOptions.Default with { IntraOpThreads = threads } };
            using var encoder = Open(parsed.GetRequiredValue(Folder), EncoderOutputs.Dense, runtime, options);
            using var reranker = parsed.GetValue(Reranker) is { } folder ? Open(folder, EncoderOutputs.Score, runtime, options) : null;
            Console.WriteLine($"{collection.Documents.Count} documents, {collection.Queries.Count} judged queries.\n");
            RankingTable.Write(CollectionReport.Of(collection, encoder, reranker, threads, cancel), Console.Out);
            return 0;
        }
        catch (Exception wrong) when (wrong is IOException or ArgumentException or UnauthorizedAccessException or ModelFolderException
            or OnnxLibraryException or OnnxModelException or OnnxException or TokenizerException)
        {
            Console.Error.WriteLine($"searchengine model evaluate: {wrong.Message}");
            return 1;
        }
    }

    private static EncoderModel Open(string folder, EncoderOutputs needed, OnnxRuntime runtime, EncoderModelOptions options)
    {
        var model = EncoderModel.Open(folder, runtime, options);
        if (model.Outputs.HasFlag(needed))
            return model;
        model.Dispose();
        throw new ArgumentException($"{folder} gives {model.Outputs}, and {needed} is needed.");
    }
}
