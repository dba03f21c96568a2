using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SearchEngine.Rpc.Operations;

/// <summary>
/// Sends metrics and traces to an OpenTelemetry collector. Where it is, how often and by which protocol say OpenTelemetry's own
/// environment variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>,
/// <c>OTEL_TRACES_SAMPLER</c> and others).
/// </summary>
public sealed class TelemetryExport : IDisposable
{
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string OwnNames = "SearchEngine.*";

    private readonly IDisposable _metrics;
    private readonly IDisposable _traces;

    private TelemetryExport(IDisposable metrics, IDisposable traces)
    {
        _metrics = metrics;
        _traces = traces;
    }

    /// <summary>Null when the variable is not set: then nothing of OpenTelemetry is loaded.</summary>
    /// <param name="service">Name of the process, as in "searchengine.search".</param>
    /// <param name="version">Of the process.</param>
    /// <exception cref="ArgumentException">The variable holds no address.</exception>
    public static TelemetryExport? StartIfAsked(string service, string version)
    {
        string? endpoint = Environment.GetEnvironmentVariable(EndpointVariable);
        if (string.IsNullOrWhiteSpace(endpoint)) return null;
        return Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? Start(service, version)
            : throw new ArgumentException($"{EndpointVariable}: '{endpoint}' is no http or https address; nothing would arrive anywhere. Unset it, or use one like http://localhost:4317.");
    }

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }

    // Apart, so that a process that exports nothing loads none of these assemblies.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TelemetryExport Start(string service, string version)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService(service, serviceVersion: version);
        return new TelemetryExport(
            Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(OwnNames, "System.Runtime").AddOtlpExporter().Build(),
            Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(OwnNames).AddOtlpExporter().Build());
    }
}
