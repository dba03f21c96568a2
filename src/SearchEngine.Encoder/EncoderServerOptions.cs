using System.Net;
using SearchEngine.Encoder.Batching;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Onnx;

namespace SearchEngine.Encoder;

/// <summary>What an encoder process serves, and with what.</summary>
public sealed record EncoderServerOptions
{
    private const int MostExecutors = 256;

    /// <summary>Model folders; the first of each purpose is its default.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>ONNX Runtime's library, or a folder with it; null looks where SearchEngine.Models says.</summary>
    public string? OnnxRuntimePath { get; init; }

    /// <summary>Execution providers in order of preference: cuda, webgpu, cpu.</summary>
    public IReadOnlyList<string> Providers { get; init; } = ["cpu"];

    /// <summary>Batches at once; executors times threads is what the encoder takes of the machine. Default: one for each processor.</summary>
    public int Executors { get; init; } = Environment.ProcessorCount;

    /// <summary>Threads of one batch. More make a single text faster and all together slower. Default 1.</summary>
    public int ThreadsPerExecutor { get; init; } = 1;

    /// <summary>How long the grid of batch shapes may take, per model. Default 4 s.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Where /metrics, /healthz and /readyz are answered; null answers them nowhere.</summary>
    public IPEndPoint? Operations { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How the lanes share the executors.</summary>
    internal LaneRules Lanes { get; init; } = LaneRules.Default;

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        if (Models.Count == 0)
            throw new ArgumentException("No model folder is named: an encoder without one serves nothing.");
        if (Executors is < 1 or > MostExecutors)
            throw new ArgumentException($"{nameof(Executors)} is {Executors}: 1 to {MostExecutors} can run.");
        if (ThreadsPerExecutor is < 1 or > OnnxSessionOptions.ThreadsLimit)
            throw new ArgumentException($"{nameof(ThreadsPerExecutor)} is {ThreadsPerExecutor}: 1 to {OnnxSessionOptions.ThreadsLimit} make sense.");
        if (WarmUp < TimeSpan.Zero)
            throw new ArgumentException($"{nameof(WarmUp)} is negative; zero measures the smallest shape alone.");
        foreach (var provider in Providers)
            OnnxProvider.Parse(provider);
        Lanes.Validate();
    }

    internal EncoderModelOptions ModelOptions() => new()
    {
        Session = new OnnxSessionOptions
        {
            IntraOpThreads = ThreadsPerExecutor,
            Providers = [.. Providers.Select(OnnxProvider.Parse)],
            // A pattern is kept for every shape that was met: batches have many.
            MemoryPattern = false,
        },
    };
}
