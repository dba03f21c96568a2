using System.Diagnostics.Metrics;

namespace SearchEngine.Rpc.Server;

/// <summary>
/// The metrics of one server, under the names of OpenTelemetry's RPC conventions. The duration is recorded per call; everything else
/// is only looked at when somebody reads it.
/// </summary>
internal sealed class CallMetrics : IDisposable
{
    /// <summary>Seconds: from a health check to a stream of minutes.</summary>
    private static readonly double[] DurationBounds =
        [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

    private readonly Meter _meter;
    private readonly ServerMethod[] _methods;
    private readonly ActiveCalls _active;

    public CallMetrics(object? scope, IEnumerable<ServerMethod> methods, ActiveCalls active)
    {
        _meter = new Meter(new MeterOptions(TelemetryInterceptor.SourceName) { Scope = scope });
        _methods = [.. methods.Where(method => method.IsServed)];
        _active = active;
        Duration = _meter.CreateHistogram(
            "rpc.server.duration", "s", "Time of a call from its arrival until its handler has returned; the count is the number of calls.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });
        _meter.CreateObservableUpDownCounter("rpc.server.active_calls", Active, "{call}", "Calls in progress.");
        _meter.CreateObservableCounter(
            "rpc.server.request.size", () => PerMethod(static tally => tally.RequestBytes), "By", "Request messages received, after decompression.");
        _meter.CreateObservableCounter(
            "rpc.server.reply.size", () => PerMethod(static tally => tally.ReplyBytes), "By", "Reply messages sent, before compression.");
    }

    public Histogram<double> Duration { get; }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Active()
    {
        Dictionary<ServerMethod, int> inProgress = _active.CountByMethod();
        return _methods.Select(method => new Measurement<long>(inProgress.GetValueOrDefault(method), method.Tally.Tags));
    }

    // A method that was never called is left out: a contract has many.
    private IEnumerable<Measurement<long>> PerMethod(Func<MethodTally, StripedCount> count) =>
        from method in _methods
        let sum = count(method.Tally).Sum
        where sum > 0
        select new Measurement<long>(sum, method.Tally.Tags);
}
