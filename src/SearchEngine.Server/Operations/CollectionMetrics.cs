using System.Diagnostics.Metrics;
using SearchEngine.Collections;
using SearchEngine.Server.Operations.Rechecks;

namespace SearchEngine.Server.Operations;

/// <summary>The collections as they are when somebody looks.</summary>
internal sealed class CollectionMetrics : IDisposable
{
    public const string MeterName = "SearchEngine.Server.Collections";

    private readonly Meter _meter;
    private readonly CollectionStore _store;

    public CollectionMetrics(object? scope, CollectionStore store, RecheckBook rechecks, AuditLog? audit)
    {
        _store = store;
        _meter = new Meter(new MeterOptions(MeterName) { Scope = scope });
        Gauge("searchengine.collection.points", "{point}", "Points that can be found.", static s => s.Documents);
        Gauge("searchengine.collection.tombstones", "{row}", "Rows deleted or replaced and not merged away.", static s => s.DeadRows);
        Gauge("searchengine.collection.segments", "{segment}", "Segments, live ones included.", static s => s.Segments);
        Gauge("searchengine.collection.unindexed", "{row}", "Rows that searches scan because they are in no graph yet.", static s => s.Unindexed);
        Gauge("searchengine.collection.log_tail", "By", "Log that a restart would replay.", static s => s.LogBytes);
        Gauge("searchengine.collection.quarantined", "{part}", "Parts set aside as damaged.", static s => s.Damage.Count);
        Gauge("searchengine.collection.failing", "{task}", "Background work that fails at the moment.", static s => s.Failures.Count);
        Recheck("searchengine.recall", "1", "Mean recall of the latest rechecked searches; the wrong log tells which.", static t => t.Recent);
        Recheck("searchengine.recall.low", "1", "Lower end of the 95 % interval of the mean recall over all rechecked searches.", static t => t.Low);
        _meter.CreateObservableCounter(
            "searchengine.rechecks", () => rechecks.Tallies.Select(t => new Measurement<long>(t.Count, Of(t.Collection))), "{search}", "Searches run again exactly.");
        _meter.CreateObservableCounter(
            "searchengine.rechecks.wrong", () => rechecks.Tallies.Select(t => new Measurement<long>(t.Wrong, Of(t.Collection))), "{search}", "Rechecked searches that had missed a hit.");
        _meter.CreateObservableCounter("searchengine.rechecks.dropped", () => rechecks.Dropped, "{search}", "Sampled searches that were not checked: load, or writes in between.");
        _meter.CreateObservableCounter("searchengine.audit.failures", () => audit?.Failures ?? 0, "{line}", "Lines of the audit log that could not be written.");

        void Recheck(string name, string unit, string description, Func<RecheckTally, double> value) => _meter.CreateObservableGauge(
            name, () => rechecks.Tallies.Where(static t => t.Count > 0).Select(t => new Measurement<double>(value(t), Of(t.Collection))), unit, description);
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string unit, string description, Func<CollectionStatistics, long> value) =>
        _meter.CreateObservableGauge(name, () => Each(value), unit, description);

    // One that is dropped meanwhile is left out.
    private IEnumerable<Measurement<long>> Each(Func<CollectionStatistics, long> value)
    {
        var measured = new List<Measurement<long>>();
        foreach (string name in _store.Names)
        {
            try
            {
                if (_store.TryGet(name) is { } collection)
                {
                    measured.Add(new Measurement<long>(value(collection.Describe()), Of(name)));
                }
            }
            catch (CollectionException)
            {
                // Closed or too damaged to be opened: it says so to whoever asks for it.
            }
        }
        return measured;
    }

    private static KeyValuePair<string, object?> Of(string collection) => new("collection", collection);
}
