using System.Collections.ObjectModel;

namespace SearchEngine.Models.Onnx;

/// <summary>How a model is opened and run.</summary>
public sealed record OnnxSessionOptions
{
    /// <summary>Most threads that may be asked for; more is a mistake of configuration.</summary>
    public const int ThreadsLimit = 1024;

    public static readonly OnnxSessionOptions Default = new();

    /// <summary>Threads of one run, the calling one included; 0 leaves it to ONNX Runtime (all cores).</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>Threads across independent nodes; only <see cref="OnnxExecutionMode.Parallel"/> uses more than one.</summary>
    public int InterOpThreads { get; init; } = 1;

    /// <summary>Idle threads spin for work: lower latency on cores of one's own, theft of time on shared ones.</summary>
    public bool Spinning { get; init; }

    /// <summary>Memory is kept by the session and reused. Off, every run asks the system and gives back.</summary>
    public bool MemoryArena { get; init; } = true;

    /// <summary>The layout of a run's memory is remembered per input shape: worth it for few shapes, memory for many.</summary>
    public bool MemoryPattern { get; init; } = true;

    /// <summary>Kernels with a fixed order of additions are preferred where a provider has a choice.</summary>
    public bool Deterministic { get; init; }

    public OnnxGraphOptimization Optimization { get; init; } = OnnxGraphOptimization.All;

    public OnnxExecutionMode ExecutionMode { get; init; } = OnnxExecutionMode.Sequential;

    /// <summary>
    /// In order of preference. The first that this machine offers serves; nodes that it lacks run on the CPU only if cpu is in
    /// the list too, else the model is refused.
    /// </summary>
    public IReadOnlyList<OnnxProvider> Providers { get; init; } = [OnnxProvider.Cpu];

    /// <summary>Further session entries by ONNX Runtime's own keys; they win over what the properties above set.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public OnnxModelLimits Limits { get; init; } = OnnxModelLimits.Default;

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    internal void Validate()
    {
        CheckThreads(IntraOpThreads, nameof(IntraOpThreads));
        CheckThreads(InterOpThreads, nameof(InterOpThreads));
        if (Providers.Count == 0)
            throw new ArgumentException("No provider is named: name at least cpu.", nameof(Providers));
        foreach (var provider in Providers)
            OnnxProvider.Parse(provider.Name);
    }

    private static void CheckThreads(int threads, string name)
    {
        if (threads is < 0 or > ThreadsLimit)
            throw new ArgumentException($"{name} is {threads}: use 0 (all cores) to {ThreadsLimit}.", name);
    }
}
