using System.Globalization;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;

namespace SearchEngine.Encoder.Inspection;

/// <summary>An inspection for people: one fact per line.</summary>
internal static class InspectionText
{
    private const int LabelWidth = 15;

    public static void Write(EncoderModel model, OnnxRuntime runtime, SelfTestReport report, TextWriter output)
    {
        var descriptor = model.Descriptor;
        Line(output, "model", descriptor.Name.Length > 0 ? descriptor.Name : model.Folder);
        Line(output, "space", model.Fingerprint.Space);
        Line(output, "build", model.Fingerprint.Build);
        Line(output, "file", $"{descriptor.ModelFile}, SHA-256 {model.Fingerprint.ModelFile}");
        Line(output, "tokenizer", $"{descriptor.TokenizerFile}, {model.Tokenizer.IdBound} ids, {model.Fingerprint.Tokenizer}");
        Line(output, "runtime", $"ONNX Runtime {runtime.Version}, {runtime.LibrarySource}");
        Line(output, "provider", model.Session.Providers.ToString());
        Line(output, "pooling", $"{descriptor.Pooling}, normalization {descriptor.Normalization}");
        Line(output, "max tokens", descriptor.MaxTokens.ToString(CultureInfo.InvariantCulture));
        Line(output, "padding", $"token {descriptor.Padding.Id} on the {descriptor.Padding.Side}");
        Line(output, "query", $"\"{descriptor.QueryTemplate}\"");
        Line(output, "document", $"\"{descriptor.DocumentTemplate}\"");
        foreach (var task in descriptor.Tasks)
            Line(output, "task", $"{task.Task} ({task.Side}): \"{task.Template}\"");
        WriteHeads(descriptor, output);
        foreach (var input in model.Session.Inputs)
            Line(output, "input", input.ToString());
        foreach (var tensor in model.Session.Outputs)
            Line(output, "output", tensor.ToString());
        foreach (var note in model.Notes)
            Line(output, note.IsGuess ? "guess" : "note", $"{note.Subject}: {note.Text}");
        Line(output, "self-test", SelfTest(report));
    }

    private static void WriteHeads(EncoderDescriptor descriptor, TextWriter output)
    {
        if (descriptor.Dense is { } dense)
        {
            var allowed = dense.AllowedDimensions.Count == 0 ? "" : $", also {string.Join(", ", dense.AllowedDimensions)}";
            Line(output, "dense", $"{dense.Dimension} elements from {dense.Output}{allowed}");
        }
        if (descriptor.Sparse is { } sparse)
            Line(output, "sparse", $"{sparse.Form} from {sparse.Output}");
        if (descriptor.Multi is { } multi)
            Line(output, "multi", $"{multi.Dimension} elements per token from {multi.Output}");
        if (descriptor.Score is { } score)
            Line(output, "score", $"of pairs from {score.Output}");
        if (descriptor.Classes is { } classes)
            Line(output, "classes", $"{classes.Labels.Count} from {classes.Output}");
    }

    private static string SelfTest(SelfTestReport report)
    {
        if (report.Texts == 0)
            return $"not run: the folder has no {GoldenFile.FileName}";
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Texts} texts, {report.TokenDifferences} with other tokens, least cosine {report.LeastCosine:F6}");
        return report.Passed ? $"passed: {facts}" : $"FAILED: {facts}, worst \"{report.WorstText}\"";
    }

    private static void Line(TextWriter output, string label, string text) => output.WriteLine(label.PadRight(LabelWidth) + text);
}
