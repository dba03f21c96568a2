using System.Diagnostics.Metrics;

namespace SearchEngine.Server.Encoders;

/// <summary>What the search process sends to encoders. Costs a check each when nobody listens.</summary>
internal static class EncoderMetrics
{
    private static readonly Meter Meter = new("SearchEngine.Server.Encoders");
    private static readonly Counter<long> Texts = Meter.CreateCounter<long>("searchengine.server.encoded_texts", "{text}", "Texts that encoders made vectors of.");
    private static readonly Counter<long> Truncated = Meter.CreateCounter<long>("searchengine.server.truncated_texts", "{text}", "Of them, those that were cut before.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("searchengine.server.encoder_call_duration", "ms", "Calls to encoders that succeeded.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("searchengine.server.encoder_failures", "{call}", "Calls to encoders that failed, attempts counted one by one.");

    public static Counter<long> CacheLookups { get; } =
        Meter.CreateCounter<long>("searchengine.server.query_cache_lookups", "{lookup}", "Queries looked up among those remembered.");

    public static void Encoded(Wire.Side side, Wire.EncodeReply reply)
    {
        if (Texts.Enabled || Truncated.Enabled)
        {
            var tag = new KeyValuePair<string, object?>("side", side == Wire.Side.Query ? "query" : "document");
            Texts.Add(reply.Items.Count, tag);
            Truncated.Add(reply.Items.Count(static item => item.TextUse?.Truncated == true), tag);
        }
    }

    public static void Called(string encoder, string method, TimeSpan took) => Duration.Record(
        took.TotalMilliseconds, new KeyValuePair<string, object?>("encoder", encoder), new KeyValuePair<string, object?>("method", method));

    public static void Failed(string encoder, string method, string reason) => Failures.Add(
        1, new KeyValuePair<string, object?>("encoder", encoder), new KeyValuePair<string, object?>("method", method),
        new KeyValuePair<string, object?>("reason", reason));
}
