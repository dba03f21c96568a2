using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Evaluating;

/// <summary><c>eval</c>: judged queries against a collection, several configurations side by side.</summary>
internal static class EvalCommand
{
    /// <summary>Below it intervals are so wide that comparisons rarely say anything.</summary>
    private const int FewQueries = 100;

    private const int MostConfigurations = 32;

    private static readonly Option<string> Collection = new("--collection", "-c") { Required = true, Description = "Collection or alias." };
    private static readonly Option<string?> Folder = new("--beir") { Description = "BEIR folder with queries.jsonl and qrels/test.tsv, in place of the two files." };
    private static readonly Option<string?> Queries = new("--queries") { Description = "JSON lines with _id and text, or lines of id, tab, text." };
    private static readonly Option<string?> Judgements = new("--qrels") { Description = "Judgements: query, document, grade (BEIR), or query, 0, document, grade (TREC)." };
    private static readonly Option<uint[]> Dimensions = Several<uint>("--dimension", "Prefix dimensions to compare; 0 is the whole vector.", 0);
    private static readonly Option<uint[]> Breadths = Several<uint>("--breadth", "Breadths of the walk to compare.");
    private static readonly Option<float[]> Recalls = Several<float>("--recall", "Target recalls to compare.");
    private static readonly Option<bool> Exact = new("--exact") { Description = "Also compare with an exact search." };
    private static readonly Option<uint[]> Reranks = Several<uint>("--rerank-depth", "Candidates to rerank; 0 is none.", 0);
    private static readonly Option<uint> Depth = new("--depth") { DefaultValueFactory = _ => 100, Description = "Hits per query, at least 20." };
    private static readonly Option<int> AtOnce = new("--at-once") { DefaultValueFactory = _ => 4, Description = "Queries in flight. 1 for latencies that do not wait for each other." };

    public static Command Create() => new Command(
        "eval",
        """
        Measures a collection with judged queries: recall, NDCG@10, MRR (precision@10 and MAP with --json), each with its 95 %
        interval, and the server's own latencies (a question that was asked lately is not encoded again). Every value of one option is combined with every value of the others.

        Examples:
          searchengine eval -c scifact --beir beir/scifact --dimension 64 0 --rerank-depth 0 50
          searchengine eval -c docs --queries queries.tsv --qrels qrels.trec --breadth 20 100 --exact
        """)
    {
        Collection, Folder, Queries, Judgements, Dimensions, Breadths, Recalls, Exact, Reranks, Depth, AtOnce,
    }.With("eval", RunAsync);

    private static async Task RunAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        const uint LeastDepth = 20;
        uint depth = parsed.GetValue(Depth);
        int atOnce = parsed.GetValue(AtOnce);
        if (depth < LeastDepth) throw new UsageException($"--depth: {depth} hits do not show recall@{LeastDepth}; give at least {LeastDepth}.");
        if (atOnce < 1) throw new UsageException($"--at-once: {atOnce} queries in flight measure nothing.");
        JudgedQueries queries = Read(parsed);
        Configuration[] configurations = [.. Configurations(parsed)];
        if (configurations.Length > MostConfigurations)
        {
            throw new UsageException($"{configurations.Length} configurations; {MostConfigurations} at most are compared at once.");
        }
        Warn(queries);
        var run = new EvalRun(session, Session.Header(parsed.GetRequiredValue(Collection)), queries, depth, atOnce);
        var rows = new List<Measured>();
        foreach (Configuration configuration in configurations)
        {
            rows.Add(await run.RunAsync(configuration, cancel).ConfigureAwait(false));
        }
        if (session.Form == OutputForm.Json)
        {
            Screen.Line(JsonSerializer.Serialize(rows.Select(MeasureTable.Json)));
        }
        else
        {
            MeasureTable.Write(rows);
        }
    }

    private static void Warn(JudgedQueries queries)
    {
        if (queries.Queries.Count < FewQueries)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"warning: {queries.Queries.Count} judged queries; below {FewQueries} the intervals are too wide for most comparisons."));
        }
        if (queries.Unjudged > 0)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{queries.Unjudged} queries without judgements are left out."));
        }
    }

    private static JudgedQueries Read(ParseResult parsed) => (parsed.GetValue(Folder), parsed.GetValue(Queries), parsed.GetValue(Judgements)) switch
    {
        ({ } folder, null, null) => JudgedQueries.OfFolder(folder),
        (null, { } queries, { } judgements) => JudgedQueries.Read(queries, judgements),
        _ => throw new UsageException("Give --queries and --qrels, or --beir FOLDER."),
    };

    private static IEnumerable<Configuration> Configurations(ParseResult parsed)
    {
        List<Wire.Accuracy?> accuracies =
        [
            .. parsed.GetRequiredValue(Breadths).Select(breadth => new Wire.Accuracy { Breadth = breadth }),
            .. parsed.GetRequiredValue(Recalls).Select(recall => new Wire.Accuracy { TargetRecall = recall }),
        ];
        if (parsed.GetValue(Exact)) accuracies.Add(new Wire.Accuracy { Exact = new Wire.Exact() });
        if (accuracies.Count == 0) accuracies.Add(null);
        return from dimension in parsed.GetRequiredValue(Dimensions)
               from accuracy in accuracies
               from rerank in parsed.GetRequiredValue(Reranks)
               select new Configuration(dimension, accuracy, rerank);
    }

    private static Option<T[]> Several<T>(string name, string description, params T[] unset) =>
        new(name) { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => unset, Description = description };
}
