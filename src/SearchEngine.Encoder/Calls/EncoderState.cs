using System.Reflection;
using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Loading;
using SearchEngine.Encoder.Operations;

namespace SearchEngine.Encoder.Calls;

/// <summary>What all calls of the process share.</summary>
internal sealed record EncoderState(ModelShelf Shelf, BatchQueue Queue, EncoderMetrics Metrics, StartUp StartUp)
{
    /// <summary>As in every reply's header.</summary>
    public static string Version { get; } =
        typeof(EncoderState).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
