using System.CommandLine;
using SearchEngine.Encoder.Inspection;

namespace SearchEngine.Cli;

/// <summary><c>model inspect</c>: what a model folder is, before it is served.</summary>
internal static class ModelCommand
{
    private static readonly Argument<string> Folder = new("folder") { Description = "Folder with encoder.json, or an export as downloaded." };
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object instead of lines." };

    public static Command Create()
    {
        var inspect = new Command(
            "inspect",
            """
            Shows descriptor, fingerprint, tensors and provider of a model folder and runs its self-test.
            Ends with 0 if all is well, 1 if the folder is refused, 2 if the self-test fails, 3 without ONNX Runtime.

            Example:
              searchengine model inspect models/ours/encoder
            """)
        {
            Folder, Json,
        };
        inspect.SetAction(parsed => (int)ModelInspection.Write(
            parsed.GetRequiredValue(Folder),
            parsed.GetValue(Json) ? InspectionFormat.Json : InspectionFormat.Text,
            Console.Out,
            Console.Error));
        return new Command("model", "Looks at models.") { inspect, EvaluateCommand.Create() };
    }
}
