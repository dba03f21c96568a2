using System.Reflection;
using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Loading;
using SearchEngine.Encoder.Operations;

namespace SearchEngine.Encoder.Calls;

/// <summary>What all calls of the process share.</summary>
/// <param name="Shelf">The models.</param>
/// <param name="Queue">Where texts wait for executors.</param>
/// <param name="Own">Of the one caller at a time that runs its query itself, as the queue allows.</param>
/// <param name="Metrics">What is published.</param>
/// <param name="StartUp">The way to ready.</param>
internal sealed record EncoderState(ModelShelf Shelf, BatchQueue Queue, BatchRunner Own, EncoderMetrics Metrics, StartUp StartUp)
{
    /// <summary>As in every reply's header.</summary>
    public static string Version { get; } =
        typeof(EncoderState).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
