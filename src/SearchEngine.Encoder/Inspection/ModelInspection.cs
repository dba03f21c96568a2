using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Inspection;

/// <summary>Opens a model folder, tests it and tells what it is, for people who are about to serve it.</summary>
public static class ModelInspection
{
    /// <summary>Writes what the folder is to <paramref name="output"/>, or why it is refused to <paramref name="error"/>.</summary>
    public static InspectionOutcome Write(
        string folder, InspectionFormat format, TextWriter output, TextWriter error, CancellationToken cancel = default)
    {
        try
        {
            using var runtime = OnnxRuntime.Load();
            using var model = EncoderModel.Open(folder, runtime);
            var report = model.SelfTest(cancel);
            if (format == InspectionFormat.Json)
                InspectionJson.Write(model, runtime, report, output);
            else
                InspectionText.Write(model, runtime, report, output);
            return report.Passed ? InspectionOutcome.Sound : InspectionOutcome.SelfTestFailed;
        }
        catch (OnnxLibraryException fault)
        {
            error.WriteLine(fault.Message);
            return InspectionOutcome.NoRuntime;
        }
        catch (Exception fault) when (fault is ModelFolderException or OnnxModelException or TokenizerException
            or TextRejectedException or OnnxException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(fault is TokenizerException ? $"tokenizer.json, {fault.Message}" : fault.Message);
            return InspectionOutcome.Refused;
        }
    }
}
