namespace SearchEngine.Models.Onnx;

/// <summary>What became of one provider of the configuration.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why, in words; empty where it is registered.</param>
public sealed record OnnxProviderAttempt(string Name, OnnxProviderOutcome Outcome, string Reason);
