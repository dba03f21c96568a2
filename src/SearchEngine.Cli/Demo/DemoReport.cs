using System.Text.Encodings.Web;
using System.Text.Json;
using SearchEngine.Cli.Evaluating;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Demo;

/// <summary>Everything that the tour found out.</summary>
internal sealed record DemoReport(
    Uri Search,
    Uri Encoder,
    DemoModels Models,
    DemoCollection.ImportFacts Import,
    IReadOnlyList<StageResult> Stages,
    IReadOnlyList<DemoRefusals.Refused> Refusals,
    IReadOnlyList<Measured> Evaluation)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Json() => JsonSerializer.Serialize(
        new
        {
            server = Search.Authority,
            encoder = Encoder.Authority,
            collection = DemoCollection.Name,
            models = Models.Origin,
            import = Import,
            questions = Stages,
            refusals = Refusals.Select(refused => new { mistake = refused.Mistake, refused = JsonDocument.Parse(ErrorReport.Json(refused.Error)).RootElement.GetProperty("error") }),
            evaluation = Evaluation.Select(MeasureTable.Json),
        },
        Readable);
}
