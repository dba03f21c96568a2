using System.Globalization;
using SearchEngine.Cli.Evaluating;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Demo;

/// <summary>The tour as people read it.</summary>
internal static class DemoText
{
    private static readonly Column[] StageColumns =
    [
        Column.Words("passage"), Column.Number("vectors: place"), Column.Number("words: place"), Column.Number("both: place"), Column.Number("rerank: place"), Column.Number("logit"), Column.Words("judged"),
    ];

    public static void Servers(DemoServers servers, DemoModels models, Action<string> say)
    {
        say($"  encoder        {servers.EncoderAddress.Authority}  (process {servers.EncoderProcess}; models: {models.Origin})");
        say($"  search server  {servers.SearchAddress.Authority}  (process {servers.SearchProcess})");
    }

    public static void Imported(DemoCollection.ImportFacts import, Action<string> say) => say(Invariant(
        $"Imported {import.Passages} passages as texts into \"{DemoCollection.Name}\" in {import.Seconds:F1} s: {import.Dimension} dimensions, space {import.Space}, {import.TextsCut} texts longer than the model reads."));

    public static void Stages(IEnumerable<StageResult> stages)
    {
        Screen.Heading("What each stage contributes");
        foreach (StageResult stage in stages)
        {
            Screen.Line();
            Screen.Line($"{stage.Question}  \"{stage.Text}\"");
            Screen.Line($"  {stage.Lesson}");
            if (stage.Filter is not null) Screen.Line($"  filter: {stage.Filter} ({stage.Matches} passages match)");
            Screen.Table(StageColumns, stage.Places.Select(place => (IReadOnlyList<string>)
            [
                place.Passage, PlaceOf(place.ByVectors), PlaceOf(place.ByWords), Invariant($"{place.Retrieved}"), Invariant($"{place.Reranked}"), Invariant($"{place.Relevance:F2}"), place.Verdict,
            ]));
            Screen.Line($"  {Outcome(stage)}");
        }
    }

    public static void Refusals(IEnumerable<DemoRefusals.Refused> refusals)
    {
        Screen.Heading("What is refused, where others answer with nonsense");
        foreach (DemoRefusals.Refused refused in refusals)
        {
            Screen.Line();
            Screen.Line($"{refused.Mistake}:");
            Screen.Line(ErrorReport.Text(refused.Error));
        }
    }

    public static void Evaluation(IReadOnlyList<Measured> evaluation, DemoModels models)
    {
        Screen.Heading(Invariant($"Evaluation: {evaluation[0].Queries.Count} labelled questions, each with its own filter where it has one"));
        MeasureTable.Write(evaluation);
        Screen.Line($"  Models: {models.Origin}. No question was used to train or to choose anything.");
    }

    /// <summary>What to try now. Code stands at the beginning of its lines: it is to be pasted.</summary>
    public static void Next(DemoReport report, string data, Action<string> say)
    {
        string server = report.Search.Authority;
        say($"""

            The servers stay up; Ctrl-C ends them. Logs are in {data}. In another terminal, from the repository's root:

            dotnet run -c Release --project src/SearchEngine.Cli -- search "wrong street on the invoice" --by hybrid --collection {DemoCollection.Name} --server {server}
            dotnet run -c Release --project src/SearchEngine.Cli -- retrieve "pause alarms for everybody" --filter audience=admin --collection {DemoCollection.Name} --server {server}
            dotnet run -c Release --project src/SearchEngine.Cli -- import your.jsonl --collection yours --create --encoder {report.Encoder.Authority} --server {server}

            Python, with the packages that .ci/setup installs (elsewhere: pip install grpcio grpcio-tools, and python -m grpc_tools.protoc):

            mkdir -p .build/python
            protoc -I protos --python_out=.build/python --grpc_out=.build/python --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" protos/searchengine/v1/*.proto
            PYTHONPATH=.build/python /usr/bin/python3 - <<'END'
            {PythonLines(server)}
            END

            Node:

            npm install --silent --prefix .build/node @grpc/grpc-js @grpc/proto-loader
            NODE_PATH=.build/node/node_modules node - <<'END'
            {NodeLines(server)}
            END
            """);
    }

    private static string Outcome(StageResult stage) => stage.Places.FirstOrDefault(place => place.Verdict == StageResult.Answer) is { } answer
        ? Invariant($"The answer: place {PlaceOf(answer.ByVectors)} by vectors, {PlaceOf(answer.ByWords)} by words, {answer.Retrieved} by both, {answer.Reranked} after reranking.")
        : Invariant($"The answer: not among the first {DemoTour.Candidates} by vectors and words, so no later stage could find it.");

    private static string PlaceOf(int place) => place == 0 ? "-" : Invariant($"{place}");

    private static string PythonLines(string server) => $"""
        import grpc
        from searchengine.v1 import common_pb2 as v1, search_pb2 as s, search_pb2_grpc
        search = search_pb2_grpc.SearchStub(grpc.insecure_channel("{server}"))
        reply = search.Search(s.SearchRequest(header=v1.RequestHeader(collection="{DemoCollection.Name}"), k=3,
                                              query=s.Query(text=s.TextQuery(text="wrong street on the invoice"))), timeout=5)
        for hit in reply.hits:
            print(round(hit.score, 3), hit.id.text)
        """;

    private static string NodeLines(string server) => $$"""
        const grpc = require("@grpc/grpc-js");
        const definition = require("@grpc/proto-loader").loadSync("searchengine/v1/search.proto", { includeDirs: ["protos"], longs: String, enums: String, defaults: true, oneofs: true });
        const { Search } = grpc.loadPackageDefinition(definition).searchengine.v1;
        new Search("{{server}}", grpc.credentials.createInsecure()).Search(
          { header: { collection: "{{DemoCollection.Name}}" }, k: 3, query: { text: { text: "wrong street on the invoice" } } },
          (error, reply) => error ? console.error(error.message) : reply.hits.forEach(hit => console.log(hit.score.toFixed(3), hit.id.text)));
        """;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
