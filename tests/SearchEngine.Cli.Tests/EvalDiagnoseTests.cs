using SearchEngine.Cli.Diagnosing;
using SearchEngine.Cli.Remote;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc.Client;
using SearchEngine.Testing;
using SearchEngine.Testing.Processes;
using Xunit;

namespace SearchEngine.Cli.Tests;

/// <summary><c>eval</c> and <c>diagnose</c> against a server of their own, by words, which need no encoder.</summary>
public sealed class EvalDiagnoseTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eval_OfFiles_MeasuresWhatTheSearchFindsByGroupAndLeavesNothingOnTheServer()
    {
        using ServeProcess serve = await StartAsync();
        using var folder = new TempDirectory();
        await File.WriteAllLinesAsync(folder.File("queries.tsv"), ["q1\tapple", "q2\tpear", "q3\tnobody judged this"], Stop);
        // q1: its only relevant document is found first; q2: one of two is.
        await File.WriteAllLinesAsync(folder.File("qrels.trec"), ["q1 0 1 1", "q2 0 2 2", "q2 0 3 1"], Stop);
        await File.WriteAllLinesAsync(folder.File("groups.tsv"), ["q1\thead", "q2\ttail"], Stop);

        CliRun run = await CliRun.OfAsync(
            Stop, "eval", "--server", serve.Target, "-c", "docs", "--by", "Words", "--queries", folder.File("queries.tsv"), "--qrels", folder.File("qrels.trec"),
            "--groups", folder.File("groups.tsv"), "--json");

        Assert.True(run.Code == 0, run.Both);
        EvaluateReport report = EvaluateReport.Parser.ParseJson(run.Output);
        Assert.Equal((2ul, 3ul), (report.Judgements.Queries, report.Judgements.Judgements));
        Assert.Equal((0.75, 1.0, 0.5), (Recall(report, ""), Recall(report, "head"), Recall(report, "tail")));
        Assert.Contains("below 100", run.Errors, StringComparison.Ordinal);
        using var channel = new RpcChannel(serve.Address);
        ListJudgementsReply left = await channel.UnaryAsync(
            new RpcMethod<ListJudgementsRequest, ListJudgementsReply>(EvaluationReflection.Descriptor.Services.Single(), "ListJudgements"),
            new ListJudgementsRequest { Header = new RequestHeader { Collection = "docs" } }, cancellation: Stop);
        Assert.Empty(left.Sets);

        CliRun table = await CliRun.OfAsync(
            Stop, "eval", "--server", serve.Target, "-c", "docs", "--by", "Words", "--queries", folder.File("queries.tsv"), "--qrels", folder.File("qrels.trec"), "--filter", "kind=fruit");
        Assert.True(table.Code == 0 && table.Output.Contains("NDCG@10", StringComparison.Ordinal), table.Both);
    }

    [Fact]
    public async Task Diagnose_OfAFile_NamesTheCauseOfEachAndTheMainOne()
    {
        using ServeProcess serve = await StartAsync();
        using var folder = new TempDirectory();
        await File.WriteAllLinesAsync(
            folder.File("failing.jsonl"),
            [
                """{"question": "apple", "id": 1}""", """{"question": "apple", "id": 99}""", """{"question": "apple", "id": "99"}""", """{"question": "pear", "id": 1}""",
            ],
            Stop);

        CliRun run = await CliRun.OfAsync(Stop, "diagnose", "--server", serve.Target, "-c", "docs", "--by", "Words", "--file", folder.File("failing.jsonl"), "--json");

        Assert.True(run.Code == 0, run.Both);
        DiagnoseReply reply = DiagnoseReply.Parser.ParseJson(run.Output);
        Assert.Equal([MissCause.Unspecified, MissCause.NotInCorpus, MissCause.NotInCorpus, MissCause.Model], reply.Findings.Select(finding => finding.Diagnosis.Cause));
        Assert.Equal(MissCause.NotInCorpus, reply.MainCause);

        CliRun filtered = await CliRun.OfAsync(Stop, "diagnose", "--server", serve.Target, "-c", "docs", "--by", "Words", "apple", "1", "--filter", "kind=tree");
        Assert.True(filtered.Code == 0 && filtered.Output.Contains("Most are lost by: filter.", StringComparison.Ordinal), filtered.Both);
    }

    [Theory]
    [InlineData("f.jsonl", "{\"question\": \"x\"}", "line 1")]
    [InlineData("f.jsonl", "nonsense", "line 1")]
    [InlineData("f.tsv", "no tab", "line 1")]
    [InlineData("f.tsv", "", "no question")]
    public void FailingQuestions_OfABrokenFile_AreRefusedWithTheLine(string name, string content, string expected)
    {
        using var folder = new TempDirectory();
        File.WriteAllText(folder.File(name), content);
        InputException wrong = Assert.Throws<InputException>(() => FailingQuestion.Read(folder.File(name)));
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FailingQuestion_WithDigitsForAnId_MayMeanANumberOrAText()
    {
        Assert.Equal([new Id { Text = "7" }, new Id { Number = 7 }], new FailingQuestion("q", "7", null).Ids);
        Assert.Equal([new Id { Number = 7 }], new FailingQuestion("q", "7", 7).Ids);
        Assert.Equal([new Id { Text = "seven" }], new FailingQuestion("q", "seven", null).Ids);
    }

    private static double Recall(EvaluateReport report, string group) => report.Reports[0].Groups.Single(one => one.Group == group).Values
        .Single(value => value.Metric is { Metric: QualityMetric.Recall, K: 10 }).Value;

    private static async Task<ServeProcess> StartAsync()
    {
        ServeProcess serve = await ServeProcess.StartAsync(Stop);
        using var channel = new RpcChannel(serve.Address);
        var header = new RequestHeader { Collection = "docs" };
        var config = new CollectionConfig
        {
            Texts = { new TextSchema { Name = "body", Index = TextIndex.Bm25 } },
            Attributes = { new AttributeSchema { Name = "kind", Type = AttributeType.Keyword } },
        };
        await channel.UnaryAsync(
            new RpcMethod<CreateCollectionRequest, CreateCollectionReply>(CollectionsReflection.Descriptor.Services.Single(), "Create"),
            new CreateCollectionRequest { Header = header, Config = config }, cancellation: Stop);
        await channel.UnaryAsync(
            new RpcMethod<UpsertRequest, UpsertReply>(PointsReflection.Descriptor.Services.Single(), "Upsert"),
            new UpsertRequest { Header = header, Points = { Point(1, "apple"), Point(2, "pear"), Point(3, "plum"), Point(4, "fig") } }, cancellation: Stop);
        return serve;
    }

    private static Point Point(ulong id, string body) => new()
    {
        Id = new Id { Number = id },
        Texts = { ["body"] = body },
        Attributes = { ["kind"] = new Value { KeywordValue = "fruit" } },
    };
}
