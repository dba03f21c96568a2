using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SearchEngine.Rpc.Operations.Metrics;

/// <summary>One metric: its name, what it means, and its series. There is a bound to how many; what comes beyond it is summed in one.</summary>
internal sealed class Family
{
    /// <summary>Labels of a series: a mistake in a label must not fill the memory.</summary>
    public const int MostSeries = 1_000;

    private static readonly KeyValuePair<string, object?>[] OverflowTags = [new("otel.metric.overflow", true)];

    private readonly ConcurrentDictionary<LabelSet, Series> _series = new(LabelComparer.Instance);
    private readonly ConcurrentDictionary<LabelSet, Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;

    // A gauge that is told its value; an up-down counter is told what it changes by.
    private readonly bool _isSet;

    public Family(Instrument instrument)
    {
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        Kind = MetricNames.KindOf(instrument);
        Name = MetricNames.Of(instrument, Kind);
        Help = instrument.Description ?? "";
        _isSet = MetricNames.IsGauge(instrument);
        IsLookedAt = instrument.IsObservable;
        Bounds = Kind == FamilyKind.Histogram ? HistogramBounds.Of(instrument) : [];
    }

    public string Name { get; }

    public string Help { get; }

    public FamilyKind Kind { get; }

    public double[] Bounds { get; }

    /// <summary>Whether its values come when somebody reads them, rather than as things happen.</summary>
    public bool IsLookedAt { get; }

    public IEnumerable<KeyValuePair<LabelSet, Series>> Series => _series;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Series series = SeriesOf(tags);
        if (Kind == FamilyKind.Histogram) series.Observe(value);
        else if (_isSet) series.Set(value);
        else series.Add(value);
    }

    /// <summary>Before values are asked for: what is not reported any more is gone.</summary>
    public void Forget() => _series.Clear();

    private Series SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_byTags.TryGetValue(tags, out Series? known)) return known;
        return _series.Count < MostSeries
            ? _series.GetOrAdd(new LabelSet(tags.ToArray()), static (_, bounds) => new Series(bounds), Bounds)
            : _series.GetOrAdd(new LabelSet(OverflowTags), static (_, bounds) => new Series(bounds), Bounds);
    }
}
