using System.Diagnostics.Metrics;
using SearchEngine.Rpc;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Operations;

/// <summary>What searches did, as they end. Recording costs a check each when nobody listens.</summary>
internal sealed class SearchMetrics : IDisposable
{
    public const string MeterName = "SearchEngine.Server.Search";

    private static readonly double[] Bounds = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10];
    private static readonly string[] Strategies = Enum.GetNames<Engine.Strategy>();
    private static readonly string[] Lanes = ["interactive", "bulk"];
    private static readonly KeyValuePair<string, object?> Admit = new("phase", "admit"), Plan = new("phase", "plan"), Walk = new("phase", "walk"), Fetch = new("phase", "fetch");

    private readonly Meter _meter;
    private readonly Counter<long> _searches;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _phases;
    private readonly Counter<long> _scored;
    private readonly Counter<long> _rescored;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _incomplete;

    public SearchMetrics(object? scope, AdmissionDesk desk)
    {
        var bounds = new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds };
        _meter = new Meter(new MeterOptions(MeterName) { Scope = scope });
        _searches = _meter.CreateCounter<long>("searchengine.searches", "{search}", "Searches answered, by collection, strategy and lane.");
        _duration = _meter.CreateHistogram("searchengine.search.duration", "s", "Time of answered searches, waiting for their turn included.", tags: null, bounds);
        _phases = _meter.CreateHistogram("searchengine.search.phase.duration", "s", "Time of the phases of searches: admit (waiting), plan, walk, fetch.", tags: null, bounds);
        _scored = _meter.CreateCounter<long>("searchengine.search.rows_scored", "{row}", "Rows scored by their codes.");
        _rescored = _meter.CreateCounter<long>("searchengine.search.rows_rescored", "{row}", "Rows scored from their stored vectors.");
        _refused = _meter.CreateCounter<long>("searchengine.search.refused", "{search}", "Searches that were not answered, by reason.");
        _cancelled = _meter.CreateCounter<long>("searchengine.search.cancelled", "{search}", "Searches that nobody waited for any more.");
        _incomplete = _meter.CreateCounter<long>("searchengine.search.incomplete", "{search}", "Searches answered with the best so far.");
        _meter.CreateObservableUpDownCounter("searchengine.search.running", () => desk.Running, "{search}", "Searches at work.");
        _meter.CreateObservableGauge("searchengine.search.queued", () => Queued(desk), "s", "Predicted processor time that waits, by lane.");
    }

    public void Answered(string collection, LaneKind lane, SearchAnswer answer)
    {
        if (!_searches.Enabled)
        {
            return;
        }
        Engine.SearchResult result = answer.Result;
        var strategyTag = new KeyValuePair<string, object?>("strategy", Strategies[(int)result.Plan.Strategy]);
        var laneTag = new KeyValuePair<string, object?>("lane", Lanes[(int)lane]);
        _searches.Add(1, new KeyValuePair<string, object?>("collection", collection), strategyTag, laneTag);
        _duration.Record((answer.Ticket.WaitedMicros + answer.Micros) / 1e6, strategyTag, laneTag);
        _phases.Record(answer.Ticket.WaitedMicros / 1e6, Admit);
        _phases.Record(result.PlanTime.TotalSeconds, Plan);
        _phases.Record(result.SearchTime.TotalSeconds, Walk);
        if (answer.Documents.Count > 0)
        {
            _phases.Record(Math.Max(0, answer.Micros / 1e6 - (result.PlanTime + result.SearchTime).TotalSeconds), Fetch);
        }
        _scored.Add(result.Plan.Scored);
        _rescored.Add(result.Plan.Rescored);
        _incomplete.Add(result.IsComplete ? 0 : 1);
    }

    public void Refused(RpcException refusal) => _refused.Add(1, new KeyValuePair<string, object?>("reason", refusal.Reason ?? refusal.Code.ToString()));

    public void Cancelled() => _cancelled.Add(1);

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<double>> Queued(AdmissionDesk desk) =>
        Enum.GetValues<LaneKind>().Select(lane => new Measurement<double>(desk.QueuedMicros(lane) / 1e6, new KeyValuePair<string, object?>("lane", Lanes[(int)lane])));
}
