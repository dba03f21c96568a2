using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;

namespace SearchEngine.Rpc.Operations.Metrics;

/// <summary>
/// Listens to the meters of this process and shows what they measured as Prometheus text. What is counted as it happens is counted
/// here from the beginning; the rest is asked for when somebody reads.
/// </summary>
public sealed class MetricsCollector : IDisposable
{
    /// <summary>The runtime's own: collections, heap, processor time, threads.</summary>
    private const string RuntimeMeter = "System.Runtime";

    private const string OwnMeters = "SearchEngine.";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly Lock _reading = new();
    private readonly object? _scope;

    /// <param name="scope">Meters with this scope or none are listened to: those of another server of this process are not.</param>
    public MetricsCollector(object? scope = null)
    {
        _scope = scope;
        _listener.InstrumentPublished = Begin;
        Listen<long>();
        Listen<double>();
        Listen<int>();
        Listen<float>();
        Listen<short>();
        Listen<byte>();
        Listen<decimal>();
        _listener.Start();
    }

    /// <summary>Everything measured, in Prometheus' text format 0.0.4.</summary>
    public string Read()
    {
        lock (_reading)
        {
            foreach (Family family in _families.Values.Where(family => family.IsLookedAt)) family.Forget();
            _listener.RecordObservableInstruments();
            return PrometheusText.Write(_families.Values);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Listen<T>()
        where T : struct, INumber<T> => _listener.SetMeasurementEventCallback<T>(static (_, value, tags, family) =>
            ((Family)family!).Record(double.CreateChecked(value), tags));

    private void Begin(Instrument instrument, MeterListener listener)
    {
        bool isWanted = instrument.Meter.Name == RuntimeMeter || instrument.Meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal);
        if (!isWanted || (instrument.Meter.Scope is { } scope && !ReferenceEquals(scope, _scope))) return;
        var family = new Family(instrument);
        listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
    }
}
