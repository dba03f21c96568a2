using System.Text;
using SearchEngine.Encoder.Calls;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Rpc.Server;

namespace SearchEngine.Encoder.Service;

/// <summary>Encoder.SelfTest. A model that fails it serves no longer; one that passes serves again.</summary>
internal static class SelfTestRpc
{
    private const int ShownBytes = 256;

    public static async ValueTask<Wire.SelfTestReply> RunAsync(EncoderState state, Wire.SelfTestRequest request, ServerCall server)
    {
        using var call = new EncoderCall(server, request.Header);
        var models = request.Model.Length == 0 ? state.Shelf.Models : [state.Shelf.Find(request.Model, "model")];
        foreach (var model in models)
            ModelShelf.RequireStarted(model);
        var reply = new Wire.SelfTestReply();
        foreach (var model in models)
        {
            // Off this thread: a run takes milliseconds for every golden text.
            var report = await Task.Run(() => Test(state, model, call.Cancellation), call.Cancellation).ConfigureAwait(false);
            reply.Results.Add(Result(model, report));
        }
        reply.Header = call.ReplyHeader();
        return reply;
    }

    private static SelfTestReport Test(EncoderState state, LoadedModel model, CancellationToken cancel)
    {
        try
        {
            return state.StartUp.Test(model, cancel);
        }
        catch (ModelFolderException fault)
        {
            throw Refusal.Of(
                Wire.ErrorReason.ConfigurationInvalid, "", $"The golden texts of \"{model.Name}\" cannot be used: {fault.Message}",
                "Correct golden.json in the model's folder.").With("file", GoldenFile.FileName).With("line", "0");
        }
    }

    private static Wire.SelfTestResult Result(LoadedModel model, SelfTestReport report) => new()
    {
        Model = model.Name,
        Passed = report.Passed,
        Texts = (uint)report.Texts,
        TokenDifferences = (uint)report.TokenDifferences,
        LeastCosine = (float)report.LeastCosine,
        WorstText = Shortened(report.WorstText),
        Fingerprint = model.Fingerprint,
    };

    private static string Shortened(string text)
    {
        var kept = Math.Min(text.Length, ShownBytes);
        while (kept > 0 && (Encoding.UTF8.GetByteCount(text.AsSpan(0, kept)) > ShownBytes || char.IsHighSurrogate(text[kept - 1])))
            kept--;
        return text[..kept];
    }
}
