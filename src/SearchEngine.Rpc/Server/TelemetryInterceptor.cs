using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SearchEngine.Rpc.Server;

/// <summary>Spans and metrics under the names of OpenTelemetry's RPC conventions. Costs two checks when nobody listens.</summary>
internal sealed class TelemetryInterceptor : IInterceptor
{
    public const string SourceName = "SearchEngine.Rpc";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly Meter Meter = new(SourceName);
    private static readonly UpDownCounter<long> Active = Meter.CreateUpDownCounter<long>("rpc.server.active_calls", "{call}");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("rpc.server.duration", "ms");

    public ValueTask InvokeAsync(ServerCall call, CallDelegate next) =>
        Source.HasListeners() || Duration.Enabled || Active.Enabled ? MeasureAsync(call, next) : next(call);

    private static async ValueTask MeasureAsync(ServerCall call, CallDelegate next)
    {
        string service = call.Method.Descriptor.Service.FullName;
        string method = call.Method.Descriptor.Name;
        var tags = new TagList { { "rpc.system", "grpc" }, { "rpc.service", service }, { "rpc.method", method } };
        ActivityContext.TryParse(call.TraceParent, call.TraceState, isRemote: true, out ActivityContext parent);
        using Activity? span = Source.StartActivity($"{service}/{method}", ActivityKind.Server, parent, tags);
        long start = Stopwatch.GetTimestamp();
        Active.Add(1, tags);
        try
        {
            await next(call).ConfigureAwait(false);
        }
        finally
        {
            Active.Add(-1, tags);
            tags.Add("rpc.grpc.status_code", (int)call.Status);
            Duration.Record(Stopwatch.GetElapsedTime(start).TotalMilliseconds, tags);
            span?.SetTag("rpc.grpc.status_code", (int)call.Status);
            if (call.Status != StatusCode.Ok) span?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
