using System.Diagnostics.Metrics;
using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Loading;

namespace SearchEngine.Encoder.Operations;

/// <summary>Every number the encoder publishes, by System.Diagnostics.Metrics.</summary>
internal sealed class EncoderMetrics : IDisposable
{
    public const string MeterName = "SearchEngine.Encoder";

    private readonly Meter _meter;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _batch;
    private readonly Histogram<double> _predictionError;
    private readonly Histogram<int> _rows;
    private readonly Histogram<double> _tokenize;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _paddedTokens;
    private readonly Counter<long> _texts;
    private readonly Counter<long> _truncations;
    private readonly Counter<long> _refusals;

    /// <param name="scope">Of the meter, where several servers share a process.</param>
    public EncoderMetrics(object? scope)
    {
        _meter = new Meter(MeterName, null, null, scope);
        _queue = _meter.CreateHistogram<double>("searchengine.encoder.queue", "ms", "Wait of a text for an executor, by lane.");
        _batch = _meter.CreateHistogram<double>("searchengine.encoder.batch", "ms", "Time of a batch, by model and length bucket.");
        _predictionError = _meter.CreateHistogram<double>(
            "searchengine.encoder.batch.prediction", "1", "Time of a batch over its predicted time, by model.");
        _rows = _meter.CreateHistogram<int>("searchengine.encoder.batch.rows", "{text}", "Texts of a batch, by model and lane.");
        _tokenize = _meter.CreateHistogram<double>("searchengine.encoder.tokenize", "ms", "Time to tokenize the texts of a call.");
        _tokens = _meter.CreateCounter<long>("searchengine.encoder.tokens", "{token}", "Tokens that were run, padding excluded.");
        _paddedTokens = _meter.CreateCounter<long>("searchengine.encoder.padded_tokens", "{token}", "Tokens that were run, padding included.");
        _texts = _meter.CreateCounter<long>("searchengine.encoder.texts", "{text}", "Texts that were run, by model and lane.");
        _truncations = _meter.CreateCounter<long>("searchengine.encoder.truncations", "{text}", "Texts that were cut, by policy.");
        _refusals = _meter.CreateCounter<long>("searchengine.encoder.refusals", "{call}", "Calls that were refused, by reason.");
    }

    /// <summary>Publishes what is looked at when somebody asks.</summary>
    public void Watch(BatchQueue queue, Func<double> busyShare)
    {
        _meter.CreateObservableGauge("searchengine.encoder.waiting", () => queue.Count, "{text}", "Texts that wait for an executor.");
        _meter.CreateObservableGauge(
            "searchengine.encoder.queued",
            () => Enum.GetValues<LaneKind>().Select(lane => new Measurement<double>(queue.QueuedMillis(lane), Lane(lane))),
            "ms", "Predicted work that waits, by lane.");
        _meter.CreateObservableGauge("searchengine.encoder.busy", busyShare, "1", "Share of the executors' time spent in batches since start.");
        _meter.CreateObservableGauge("searchengine.encoder.resident", () => Environment.WorkingSet, "By", "Resident memory of the process.");
    }

    /// <summary>Publishes each model's drift: 1 - the least cosine of the newest self-test.</summary>
    public void Watch(IReadOnlyList<LoadedModel> models) => _meter.CreateObservableGauge(
        "searchengine.encoder.canary_cosine",
        () => models.Where(m => m.Tested is not null).Select(m => new Measurement<double>(m.Tested!.LeastCosine, Model(m))),
        "1", "Least cosine between a golden text's vector and its stored one, by model.");

    public void BatchDone(LoadedModel model, ChosenBatch batch, BatchFacts facts)
    {
        _batch.Record(facts.Millis, Model(model), new("bucket", model.Pace.Bucket(batch.Length)));
        _predictionError.Record(facts.Millis / facts.PredictedMillis, Model(model));
        _rows.Record(facts.Rows, Model(model), Lane(batch.Texts[0].Lane));
        _tokens.Add(facts.Tokens, Model(model));
        _paddedTokens.Add(facts.PaddedTokens, Model(model));
        foreach (var text in batch.Texts)
        {
            _queue.Record(Math.Max(0, facts.Started - text.Arrived), Lane(text.Lane));
            _texts.Add(1, Model(model), Lane(text.Lane));
        }
    }

    public void Tokenized(double millis) => _tokenize.Record(millis);

    public void Truncated(string policy, int texts) => _truncations.Add(texts, new KeyValuePair<string, object?>("policy", policy));

    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Model(LoadedModel model) => new("model", model.Name);

    private static KeyValuePair<string, object?> Lane(LaneKind lane) => new("lane", lane.ToString().ToLowerInvariant());
}
