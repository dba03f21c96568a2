using Microsoft.Extensions.Logging;
using SearchEngine.Encoder.Operations;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;
using SearchEngine.Rpc.Operations;

namespace SearchEngine.Encoder.Loading;

/// <summary>The way to ready: each model is warmed up, which measures it, and then has to give its golden vectors.</summary>
internal sealed class StartUp
{
    private const int ShownTokens = 32;

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
        foreach (var model in _shelf.Models)
            WarmUp(model, cancel);
        var failed = _board.Reasons;
        if (failed.Count > 0)
            throw new EncoderStartException(string.Join("; ", failed.Select(reason => $"{reason.Part}: {reason.Reason}")));
    }

    /// <summary>Runs a model's golden texts; what they say decides whether it serves, now and later.</summary>
    /// <exception cref="ModelFolderException">The golden texts cannot be used; the model serves as it did.</exception>
    public SelfTestReport Test(LoadedModel model, CancellationToken cancel)
    {
        var report = model.SelfTest(cancel);
        if (report.Passed)
        {
            _board.Clear(Part(model));
            return report;
        }
        _board.Wait(
            Part(model), $"the self-test failed: least cosine {report.LeastCosine:F6}, {report.TokenDifferences} texts with other tokens");
        EncoderLog.SelfTestFailed(_log, model.Name, report.LeastCosine, report.TokenDifferences, report.WorstText);
        return report;
    }

    private void WarmUp(LoadedModel model, CancellationToken cancel)
    {
        try
        {
            model.WarmUp(_plan, cancel);
            EncoderLog.Warm(_log, model.Name, model.Pace.Cost.Millis(1, model.Pace.Bucket(ShownTokens)), model.Pace.BatchTokens);
            if (Test(model, cancel) is { Passed: true, Texts: 0 })
                EncoderLog.NothingToTest(_log, model.Name);
        }
        catch (Exception fault) when (fault is ModelFolderException or OnnxException)
        {
            EncoderLog.CannotTest(_log, fault, model.Name);
            _board.Wait(Part(model), $"it cannot be tested: {fault.Message}");
        }
    }

    private static string Part(LoadedModel model) => $"model {model.Name}";
}
