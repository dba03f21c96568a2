using System.Diagnostics.Metrics;
using SearchEngine.Rpc.Operations.Metrics;
using Xunit;

namespace SearchEngine.Rpc.Tests.Operations;

public sealed class MetricsCollectorTests : IDisposable
{
    private readonly object _scope = new();
    private readonly Meter _meter;
    private readonly MetricsCollector _collector;

    public MetricsCollectorTests()
    {
        _meter = new Meter(new MeterOptions("SearchEngine.Tests") { Scope = _scope });
        _collector = new MetricsCollector(_scope);
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void EveryKindOfInstrument_ShowsWhatWasMeasured()
    {
        Counter<long> counter = _meter.CreateCounter<long>("test.things", "{thing}", "Things \\ that\nhappened.");
        UpDownCounter<int> open = _meter.CreateUpDownCounter<int>("test.open");
        Gauge<double> level = _meter.CreateGauge<double>("test.level", "1");
        Histogram<double> time = _meter.CreateHistogram("test.time", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        _meter.CreateObservableCounter("test.seen", () => 7L, "By");
        counter.Add(2);
        counter.Add(3);
        open.Add(4);
        open.Add(-1);
        level.Record(0.25);
        level.Record(0.75);
        foreach (double seconds in (double[])[0.5, 0.6, 1, 2]) time.Record(seconds);
        var page = new PrometheusPage(_collector.Read());
        Assert.Equal(5, page.Samples["test_things_total"]);
        Assert.Equal("counter", page.TypeOf("test_things_total"));
        Assert.Equal(3, page.Samples["test_open"]);
        Assert.Equal(0.75, page.Samples["test_level_ratio"]);
        Assert.Equal(7, page.Samples["test_seen_bytes_total"]);
        Assert.Equal(1, page.Samples["""test_time_seconds_bucket{le="0.5"}"""]);
        Assert.Equal(3, page.Samples["""test_time_seconds_bucket{le="1"}"""]);
        Assert.Equal(4, page.Samples["test_time_seconds_count"]);
        Assert.Equal(4.1, page.Samples["test_time_seconds_sum"], 9);
        Assert.True(page.Sum("dotnet_gc_heap_total_allocated_bytes_total") > 0, "The runtime's own metrics are missing.");
        // What is looked at shows its value, not the sum over all looks.
        Assert.Equal(7, new PrometheusPage(_collector.Read()).Samples["test_seen_bytes_total"]);
    }

    [Fact]
    public void LabelsOfAnyText_StayOneSample()
    {
        Counter<long> counter = _meter.CreateCounter<long>("test.named");
        foreach (string name in (string[])["plain", "with \"quotes\"", "back\\slash", "two\nlines", "", "ümläut", "a=\"b\",c"])
        {
            counter.Add(1, new KeyValuePair<string, object?>("collection.name", name));
        }
        var page = new PrometheusPage(_collector.Read());
        Assert.Equal(7, page.Sum("test_named_total"));
        Assert.Equal(1, page.Samples["""test_named_total{collection_name="with \"quotes\""}"""]);
        Assert.Equal(1, page.Samples["""test_named_total{collection_name="two\nlines"}"""]);
    }

    [Fact]
    public void LabelsWithoutEnd_AreSummedInOneSeriesBeyondTheBound()
    {
        Counter<long> counter = _meter.CreateCounter<long>("test.wild");
        for (int i = 0; i < 3 * Family.MostSeries; i++) counter.Add(1, new KeyValuePair<string, object?>("id", i));
        var page = new PrometheusPage(_collector.Read());
        int series = page.Samples.Count(sample => sample.Key.StartsWith("test_wild_total", StringComparison.Ordinal));
        Assert.True(series <= Family.MostSeries + 1, $"{series} series: labels are not bounded.");
        Assert.Equal(2 * Family.MostSeries, page.Samples["""test_wild_total{otel_metric_overflow="True"}"""]);
        Assert.Equal(3 * Family.MostSeries, page.Sum("test_wild_total"));
    }

    [Fact]
    public async Task RecordingFromManyThreads_LosesNothing()
    {
        const int Threads = 4, Each = 20_000;
        Histogram<double> time = _meter.CreateHistogram<double>("test.busy", "s");
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++) time.Record(1, new KeyValuePair<string, object?>("odd", i % 2 == 1));
        })));
        var page = new PrometheusPage(_collector.Read());
        Assert.Equal(Threads * Each, page.Sum("test_busy_seconds_count"));
        Assert.Equal(Threads * Each, page.Sum("test_busy_seconds_sum"));
    }

    [Fact]
    public void MetersOfAnotherServer_AreNotShown()
    {
        using var other = new Meter(new MeterOptions("SearchEngine.Tests") { Scope = new object() });
        other.CreateCounter<long>("test.foreign").Add(1);
        Assert.DoesNotContain("test_foreign", _collector.Read(), StringComparison.Ordinal);
    }
}
