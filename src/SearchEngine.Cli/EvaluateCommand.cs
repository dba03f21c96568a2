using System.CommandLine;
using System.Text.Json;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;
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

    private static readonly Option<bool> Json = new("--json") { Description = "The rankings as one JSON array." };

    public static Command Create()
    {
        var command = new Command(
            "evaluate",
            """
            Ranks a judged collection by BM25, by the model, by both, and shows measures with bootstrap intervals.

            Example:
              searchengine model evaluate models/ours/encoder --reranker models/ours/reranker --collection cranfield
            """)
        {
            Folder, Collection, Reranker, Threads, Json,
        };
        command.SetAction((parsed, cancel) =>
        {
            OutputForm form = parsed.GetValue(Json) ? OutputForm.Json : OutputForm.Text;
            return Failures.ReportAsync("model evaluate", form, cancel, () => Task.FromResult(Run(parsed, form, cancel)));
        });
        return command;
    }

    private static int Run(ParseResult parsed, OutputForm form, CancellationToken cancel)
    {
        int threads = parsed.GetValue(Threads);
        if (threads < 1) throw new UsageException($"--threads: {threads} threads rank nothing; at least 1.");
        var collection = JudgedCollection.Read(parsed.GetRequiredValue(Collection));
        using var runtime = OnnxRuntime.Load();
        using var encoder = ModelArguments.Open(parsed.GetRequiredValue(Folder), EncoderOutputs.Dense, runtime, threads);
        using var reranker = parsed.GetValue(Reranker) is { } folder ? ModelArguments.Open(folder, EncoderOutputs.Score, runtime, threads) : null;
        if (form == OutputForm.Text) Console.WriteLine($"{collection.Documents.Count} documents, {collection.Queries.Count} judged queries.\n");
        IReadOnlyList<JudgedRanking> rankings = CollectionReport.Of(collection, encoder, reranker, threads, cancel);
        if (form == OutputForm.Json) Console.WriteLine(JsonSerializer.Serialize(rankings, JsonReport.Options));
        else RankingTable.Write(rankings, Console.Out);
        return ExitCode.Ok;
    }
}
