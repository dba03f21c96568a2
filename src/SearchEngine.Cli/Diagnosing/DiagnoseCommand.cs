using System.CommandLine;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Searching;

namespace SearchEngine.Cli.Diagnosing;

/// <summary><c>diagnose</c>: questions that do not find their passage, and which stage lost it.</summary>
internal static class DiagnoseCommand
{
    private static readonly Argument<string?> Question = new("question") { Arity = ArgumentArity.ZeroOrOne, Description = "A question, in words." };
    private static readonly Argument<string?> Expected = new("id") { Arity = ArgumentArity.ZeroOrOne, Description = "The passage that it should find." };
    private static readonly Option<string> Collection = new("--collection", "-c") { Required = true, Description = "Collection or alias." };
    private static readonly Option<string?> Questions = new("--file") { Description = "In place of the two: JSON lines with question and id, or lines of question, tab, id. At most 50." };
    private static readonly Option<uint> Count = new("--k", "-k") { DefaultValueFactory = _ => 10, Description = "Hits that are looked at." };
    private static readonly Option<string[]> Filters = new("--filter", "-f") { DefaultValueFactory = _ => [], Description = "attribute=value; also !=, >=, <=, >, <. Several all hold." };
    private static readonly Option<uint> Breadth = new("--breadth") { Description = "Breadth of the walk; unset, the collection's accuracy." };
    private static readonly Option<uint> Dimension = new("--dimension") { Description = "Prefix to walk and rescore with; unset, the whole vector." };
    private static readonly Option<uint> RerankDepth = new("--rerank-depth") { Description = "Candidates to rerank; unset, none." };
    private static readonly Option<SearchedBy> By = new("--by") { DefaultValueFactory = _ => SearchedBy.Vectors, Description = "What is searched for: Vectors, Words (BM25) or Hybrid." };

    public static Command Create() => new Command(
        "diagnose",
        """
        Says which stage lost a passage: not in the corpus, not in the index, truncated, wrong side or space, ranked too low by the
        model, missed by the walk, excluded by the filter, misjudged by its code, or put down by the rerank model. Give the settings
        with which the question is really searched. About five failing questions show what is wrong with a collection.

        Examples:
          searchengine diagnose -c docs "how do I get in again" reset-password
          searchengine diagnose -c docs --file failing.jsonl --filter audience=admin --rerank-depth 50
        """)
    {
        Question, Expected, Collection, Questions, Count, Filters, Breadth, Dimension, RerankDepth, By,
    }.With("diagnose", RunAsync);

    private static async Task RunAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        string collection = parsed.GetRequiredValue(Collection);
        (string Question, Wire.Id Id)[] asked = [.. await AskedAsync(session, collection, parsed, cancel).ConfigureAwait(false)];
        Wire.CollectionConfig config = (await session.CallAsync(
            Api.Describe, new Wire.DescribeCollectionRequest { Header = Session.Header(collection) }, cancel).ConfigureAwait(false)).Collection.Config;
        var request = new Wire.DiagnoseRequest { Header = Session.Header(collection) };
        if (parsed.GetValue(RerankDepth) is > 0 and var depth) request.Rerank = new Wire.RerankOptions { Depth = depth };
        Wire.Filter? filter = FilterText.Parse(parsed.GetRequiredValue(Filters), config);
        request.Items.Add(asked.Select(one => new Wire.DiagnoseItem { Search = Search(one.Question, filter, parsed), Expected = one.Id }));
        Wire.DiagnoseReply reply = await session.CallAsync(Api.Diagnose, request, cancel).ConfigureAwait(false);
        session.Show(reply, found => DiagnosisTable.Write(asked, found));
    }

    private static Wire.SearchRequest Search(string question, Wire.Filter? filter, ParseResult parsed)
    {
        var search = new Wire.SearchRequest { K = parsed.GetValue(Count), Filter = filter };
        SearchedBy by = parsed.GetValue(By);
        if (by == SearchedBy.Words)
        {
            search.Query = TextQueries.ByWords(question);
            return search;
        }
        if (by == SearchedBy.Hybrid)
        {
            search.Hybrid = TextQueries.ByBoth(TextQueries.ByVector(question), question);
        }
        else
        {
            search.Query = TextQueries.ByVector(question);
        }
        if (parsed.GetValue(Breadth) is > 0 and var breadth) search.Accuracy = new Wire.Accuracy { Breadth = breadth };
        if (parsed.GetValue(Dimension) is > 0 and var dimension) search.Walk = new Wire.WalkOptions { WalkDimension = dimension, RescoreDimension = dimension };
        return search;
    }

    private static async Task<IEnumerable<(string Question, Wire.Id Id)>> AskedAsync(Session session, string collection, ParseResult parsed, CancellationToken cancel)
    {
        FailingQuestion[] questions = (parsed.GetValue(Question), parsed.GetValue(Expected), parsed.GetValue(Questions)) switch
        {
            ({ } question, { } id, null) => [new FailingQuestion(question, id, null)],
            (null, null, { } file) => FailingQuestion.Read(file),
            _ => throw new UsageException("Give a question and the id of its passage, or --file FILE."),
        };
        Wire.Id[] forms = [.. questions.SelectMany(one => one.Ids).Distinct()];
        Wire.GetReply found = await session.CallAsync(
            Api.Get, new Wire.GetRequest { Header = Session.Header(collection), Ids = { forms }, Fields = new Wire.ReturnFields() }, cancel).ConfigureAwait(false);
        HashSet<Wire.Id> existing = [.. found.Points.Select(point => point.Id)];
        return questions.Select(one => (one.Question, one.Ids.FirstOrDefault(existing.Contains) ?? one.Ids[0]));
    }
}
