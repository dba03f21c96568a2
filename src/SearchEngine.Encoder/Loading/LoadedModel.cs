using SearchEngine.Encoder.Batching;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;

namespace SearchEngine.Encoder.Loading;

/// <summary>A model of this process: opened at start, serving once it is warm and its self-test has passed. Any thread.</summary>
internal sealed class LoadedModel : IDisposable
{
    // Until the grid has been run: milliseconds of nothing measured, so that no call is refused by them.
    private static readonly CostModel Unmeasured = new(1, 0, 0);

    private const int UnmeasuredBudget = 512;

    private ModelPace _pace;
    private volatile ModelState _state = ModelState.Starting;

    public LoadedModel(string name, EncoderModel encoder)
    {
        (Name, Encoder) = (name, encoder);
        _pace = new ModelPace(Unmeasured, UnmeasuredBudget, encoder.Descriptor.MaxTokens);
        Purposes = [.. PurposesOf(encoder.Outputs)];
        Fingerprint = new Wire.Fingerprint { Space = encoder.Fingerprint.Space, Build = encoder.Fingerprint.Build };
    }

    /// <summary>As in requests.</summary>
    public string Name { get; }

    public EncoderModel Encoder { get; }

    public EncoderDescriptor Descriptor => Encoder.Descriptor;

    public IReadOnlyList<Wire.ModelPurpose> Purposes { get; }

    public Wire.Fingerprint Fingerprint { get; }

    public ModelState State => _state;

    /// <summary>Of the newest self-test; null before the first.</summary>
    public SelfTestReport? Tested { get; private set; }

    public ModelPace Pace => Volatile.Read(ref _pace);

    /// <summary>Providers that the session has, in order of preference.</summary>
    public IReadOnlyList<string> Providers =>
    [
        .. Encoder.Session.Providers.Attempts.Where(a => a.Outcome == OnnxProviderOutcome.Registered).Select(a => a.Name),
    ];

    /// <summary>Measures the model on this machine.</summary>
    public void WarmUp(WarmUpPlan plan, CancellationToken cancel) =>
        Volatile.Write(ref _pace, plan.Measure(Encoder, cancel));

    /// <summary>Runs the golden texts; what they say decides whether the model serves.</summary>
    public SelfTestReport SelfTest(CancellationToken cancel)
    {
        var report = Encoder.SelfTest(cancel);
        Tested = report;
        _state = report.Passed ? ModelState.Serving : ModelState.Failed;
        return report;
    }

    public void Dispose() => Encoder.Dispose();

    private static IEnumerable<Wire.ModelPurpose> PurposesOf(EncoderOutputs outputs)
    {
        if ((outputs & (EncoderOutputs.Dense | EncoderOutputs.Sparse | EncoderOutputs.Multi)) != 0)
            yield return Wire.ModelPurpose.Encode;
        if (outputs.HasFlag(EncoderOutputs.Score))
            yield return Wire.ModelPurpose.Score;
        if (outputs.HasFlag(EncoderOutputs.Classes))
            yield return Wire.ModelPurpose.Classify;
    }
}
