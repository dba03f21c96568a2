using System.Diagnostics;

namespace SearchEngine.Rpc.Server;

/// <summary>Spans and durations under the names of OpenTelemetry's RPC conventions. Costs two checks when nobody listens.</summary>
internal sealed class TelemetryInterceptor(CallMetrics metrics) : IInterceptor
{
    public const string SourceName = "SearchEngine.Rpc";

    private static readonly ActivitySource Source = new(SourceName);

    public ValueTask InvokeAsync(ServerCall call, CallDelegate next) =>
        Source.HasListeners() ? TraceAsync(call, next) : metrics.Duration.Enabled ? TimeAsync(call, next) : next(call);

    private ValueTask TimeAsync(ServerCall call, CallDelegate next)
    {
        long start = Stopwatch.GetTimestamp();
        ValueTask serving = next(call);
        // Most unary calls are over by now, and keep no state machine. What fails comes out of the interceptor behind this one as a status.
        if (!serving.IsCompletedSuccessfully) return AwaitAsync(call, serving, start);
        Record(call, start);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitAsync(ServerCall call, ValueTask serving, long start)
    {
        try
        {
            await serving.ConfigureAwait(false);
        }
        finally
        {
            Record(call, start);
        }
    }

    private async ValueTask TraceAsync(ServerCall call, CallDelegate next)
    {
        ActivityContext.TryParse(call.TraceParent, call.TraceState, isRemote: true, out ActivityContext parent);
        using Activity? span = Source.StartActivity(call.Method.Path[1..], ActivityKind.Server, parent, call.Method.Tally.Tags);
        try
        {
            await TimeAsync(call, next).ConfigureAwait(false);
        }
        finally
        {
            span?.SetTag("rpc.grpc.status_code", (int)call.Status);
            if (call.Status != StatusCode.Ok) span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    private void Record(ServerCall call, long start) =>
        metrics.Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, call.Method.Tally.TagsOf(call.Status));
}
