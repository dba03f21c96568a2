using Microsoft.Extensions.Logging;
using SearchEngine.Encoder.Operations;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;
using SearchEngine.Rpc.Operations;

namespace SearchEngine.Encoder.Loading;

/// <summary>The way to ready: each model is warmed up, which measures it, and then has to give its golden vectors.</summary>
internal sealed class StartUp
{
    private readonly ModelShelf _shelf;
    private readonly ReadinessBoard _board;
    private readonly WarmUpPlan _plan;
    private readonly ILogger _log;

    public StartUp(ModelShelf shelf, ReadinessBoard board, WarmUpPlan plan, ILogger log)
    {
        (_shelf, _board, _plan, _log) = (shelf, board, plan, log);
        foreach (var model in shelf.Models)
            board.Wait(Part(model), "being warmed up and tested");
    }

    /// <exception cref="EncoderStartException">A model does not pass its self-test, or its golden texts cannot be used.</exception>
    public void Reach(CancellationToken cancel)
    {
        var failed = new List<string>();
        foreach (var model in _shelf.Models)
        {
            if (Test(model, cancel) is { } reason)
            {
                failed.Add($"{Part(model)}: {reason}");
                _board.Wait(Part(model), reason);
            }
            else
            {
                _board.Clear(Part(model));
            }
        }
        if (failed.Count > 0)
            throw new EncoderStartException(string.Join("; ", failed));
    }

    /// <summary>Why the model cannot serve; null when it can.</summary>
    private string? Test(LoadedModel model, CancellationToken cancel)
    {
        try
        {
            model.WarmUp(_plan, cancel);
            EncoderLog.Warm(_log, model.Name, model.Pace.Cost.Millis(1, model.Pace.Bucket(32)), model.Pace.BatchTokens);
            var report = model.SelfTest(cancel);
            if (report.Passed && report.Texts == 0)
                EncoderLog.NothingToTest(_log, model.Name);
            if (report.Passed)
                return null;
            EncoderLog.SelfTestFailed(_log, model.Name, report.LeastCosine, report.TokenDifferences, report.WorstText);
            return $"the self-test failed: least cosine {report.LeastCosine:F6}, {report.TokenDifferences} texts with other tokens";
        }
        catch (Exception fault) when (fault is ModelFolderException or OnnxException)
        {
            EncoderLog.CannotTest(_log, fault, model.Name);
            return $"it cannot be tested: {fault.Message}";
        }
    }

    private static string Part(LoadedModel model) => $"model {model.Name}";
}
