using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;

namespace SearchEngine.Encoder.Inspection;

/// <summary>An inspection for programs. The descriptor has the form of encoder.json, so that it can be saved as one.</summary>
internal static class InspectionJson
{
    public static void Write(EncoderModel model, OnnxRuntime runtime, SelfTestReport report, TextWriter output)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartObject();
            WriteFingerprint(json, model.Fingerprint);
            json.WritePropertyName("descriptor");
            EncoderFile.Write(json, model.Descriptor);
            json.WriteStartObject("runtime");
            json.WriteString("version", runtime.Version);
            json.WriteString("library", runtime.LibraryPath);
            json.WriteString("provider", model.Session.Providers.Running);
            json.WriteString("report", model.Session.Providers.ToString());
            json.WriteEndObject();
            WriteTensors(json, "inputs", model.Session.Inputs);
            WriteTensors(json, "outputs", model.Session.Outputs);
            WriteNotes(json, model.Notes);
            WriteReport(json, report);
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void WriteFingerprint(Utf8JsonWriter json, ModelFingerprint fingerprint)
    {
        json.WriteStartObject("fingerprint");
        json.WriteString("space", fingerprint.Space);
        json.WriteString("build", fingerprint.Build);
        json.WriteString("weights_sha256", fingerprint.Weights);
        json.WriteString("model_sha256", fingerprint.ModelFile);
        json.WriteString("tokenizer_sha256", fingerprint.Tokenizer);
        json.WriteEndObject();
    }

    private static void WriteTensors(Utf8JsonWriter json, string name, IReadOnlyList<OnnxTensorInfo> tensors)
    {
        json.WriteStartArray(name);
        foreach (var tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("type", tensor.ElementType.ToString());
            json.WriteStartArray("shape");
            foreach (var dimension in tensor.Dimensions)
                json.WriteStringValue(dimension.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteNotes(Utf8JsonWriter json, IReadOnlyList<FolderNote> notes)
    {
        json.WriteStartArray("notes");
        foreach (var note in notes)
        {
            json.WriteStartObject();
            json.WriteString("subject", note.Subject);
            json.WriteBoolean("guess", note.IsGuess);
            json.WriteString("text", note.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteReport(Utf8JsonWriter json, SelfTestReport report)
    {
        json.WriteStartObject("self_test");
        json.WriteNumber("texts", report.Texts);
        json.WriteBoolean("passed", report.Passed);
        json.WriteNumber("token_differences", report.TokenDifferences);
        json.WriteNumber("least_cosine", report.LeastCosine);
        json.WriteNumber("greatest_score_difference", report.GreatestScoreDifference);
        json.WriteString("worst_text", report.WorstText);
        json.WriteEndObject();
    }
}
