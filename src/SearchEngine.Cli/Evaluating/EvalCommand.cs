using System.CommandLine;
using SearchEngine.Cli.Admin;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Searching;

namespace SearchEngine.Cli.Evaluating;

/// <summary><c>eval</c>: judged queries against a collection, several configurations side by side, measured by the server itself.</summary>
internal static class EvalCommand
{
    private static readonly Option<string[]> Collections = new("--collection", "-c")
    {
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        Description = "Collection or alias. Several with the same ids are compared, for example with another model or stored type.",
    };

    private static readonly JudgementOptions Judgements = new();
    private static readonly Option<SearchedBy[]> Forms = Several("--by", "Vectors, Words (BM25) or Hybrid.", SearchedBy.Vectors);
    private static readonly Option<uint[]> Dimensions = Several<uint>("--dimension", "Prefix dimensions to compare; 0 is the whole vector.", 0);
    private static readonly Option<uint[]> Breadths = Several<uint>("--breadth", "Breadths of the walk to compare.");
    private static readonly Option<float[]> Recalls = Several<float>("--recall", "Target recalls to compare.");
    private static readonly Option<bool> Exact = new("--exact") { Description = "Also compare with an exact search." };
    private static readonly Option<uint[]> Reranks = Several<uint>("--rerank-depth", "Candidates to rerank; 0 is none.", 0);
    private static readonly Option<string[]> Filters = new("--filter", "-f") { DefaultValueFactory = _ => [], Description = "attribute=value; also !=, >=, <=, >, <. Several all hold." };
    private static readonly Option<uint> Depth = new("--depth") { DefaultValueFactory = _ => 100, Description = "Hits per query, at least 20. A walk is never narrower." };
    private static readonly Option<uint> AtOnce = new("--at-once") { DefaultValueFactory = _ => 1, Description = "Queries in flight; with more than 1, latencies are those of a busy server." };

    public static Command Create()
    {
        var command = new Command(
            "eval",
            """
            Measures a collection with judged queries: recall, NDCG and MRR (precision and MAP with --json) by trec_eval's definitions,
            each with its 95 % interval, and the latencies of search and rerank (encoding the query is left out: it is the same for all). Every value
            of one option is combined with every value of the others; the first combination is what the others are compared with.

            Examples:
              searchengine eval -c scifact --beir beir/scifact --dimension 64 0 --rerank-depth 0 50
              searchengine eval -c docs --queries queries.tsv --qrels qrels.trec --breadth 20 100 --exact
              searchengine eval -c docs --beir beir/docs --by Vectors Words Hybrid --groups head-or-tail.tsv
            """)
        {
            Collections,
        };
        Judgements.AddTo(command);
        foreach (Option option in (Option[])[Forms, Dimensions, Breadths, Recalls, Exact, Reranks, Filters, Depth, AtOnce])
        {
            command.Options.Add(option);
        }
        return command.With("eval", RunAsync);
    }

    private static async Task RunAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        const uint LeastDepth = 20;
        uint depth = parsed.GetValue(Depth);
        if (depth < LeastDepth) throw new UsageException($"--depth: {depth} hits do not show recall@{LeastDepth}; give at least {LeastDepth}.");
        string collection = parsed.GetRequiredValue(Collections)[0];
        Wire.CollectionConfig config = (await session.CallAsync(
            Api.Describe, new Wire.DescribeCollectionRequest { Header = Session.Header(collection) }, cancel).ConfigureAwait(false)).Collection.Config;
        Wire.Filter? filter = FilterText.Parse(parsed.GetRequiredValue(Filters), config);
        await using JudgementSet set = await Judgements.FindAsync(session, collection, parsed, cancel).ConfigureAwait(false);
        var request = new Wire.EvaluateRequest { Header = Session.Header(collection), Judgements = set.Name, Concurrency = parsed.GetValue(AtOnce) };
        request.Configurations.Add(Comparisons(parsed).Distinct().Select(one => one.ToWire(filter, depth)));
        Wire.EvaluateReport report = await LongWork.RunAsync(
            session, Api.Evaluate, request, frame => frame.Progress, frame => frame.Summary, cancel).ConfigureAwait(false);
        foreach (Wire.Warning warning in report.Header.Warnings)
        {
            await Console.Error.WriteLineAsync($"warning: {warning.Message}").ConfigureAwait(false);
        }
        session.Show(report, ReportTable.Write);
    }

    private static IEnumerable<Comparison> Comparisons(ParseResult parsed)
    {
        string[] collections = parsed.GetRequiredValue(Collections);
        List<Wire.Accuracy?> accuracies =
        [
            .. parsed.GetRequiredValue(Breadths).Select(breadth => new Wire.Accuracy { Breadth = breadth }),
            .. parsed.GetRequiredValue(Recalls).Select(recall => new Wire.Accuracy { TargetRecall = recall }),
        ];
        if (parsed.GetValue(Exact)) accuracies.Add(new Wire.Accuracy { Exact = new Wire.Exact() });
        if (accuracies.Count == 0) accuracies.Add(null);
        // Words have no dimensions and are ranked exactly.
        return from collection in collections
               from form in parsed.GetRequiredValue(Forms)
               from dimension in parsed.GetRequiredValue(Dimensions)
               from accuracy in accuracies
               from rerank in parsed.GetRequiredValue(Reranks)
               select new Comparison(
                   collections.Length > 1 ? collection : "", form, form == SearchedBy.Words ? 0 : dimension, form == SearchedBy.Words ? null : accuracy, rerank);
    }

    private static Option<T[]> Several<T>(string name, string description, params T[] unset) =>
        new(name) { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => unset, Description = description };
}
