namespace SearchEngine.Models.Onnx;

/// <summary>What became of a provider that configuration named.</summary>
public enum OnnxProviderOutcome
{
    /// <summary>The session has it. Which nodes it runs is another question.</summary>
    Registered,

    /// <summary>The machine or the library does not offer it, or the model cannot be opened with it.</summary>
    Unavailable,

    /// <summary>One named before it serves.</summary>
    NotNeeded,
}
