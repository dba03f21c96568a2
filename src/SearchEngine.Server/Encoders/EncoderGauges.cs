using System.Diagnostics.Metrics;

namespace SearchEngine.Server.Encoders;

/// <summary>The connected encoders as they are when somebody looks.</summary>
internal sealed class EncoderGauges : IDisposable
{
    private readonly Meter _meter;

    /// <param name="scope">Of the meters of this server.</param>
    public EncoderGauges(object? scope, EncoderPool pool)
    {
        _meter = new Meter(new MeterOptions("SearchEngine.Server.EncoderConnections") { Scope = scope });
        _meter.CreateObservableGauge(
            "searchengine.encoder.up", () => Each(pool, static c => c.Failure is null && c.Models.Count > 0 ? 1 : 0), "1", "Whether the encoder answered last time.");
        _meter.CreateObservableGauge(
            "searchengine.encoder.calls", () => Each(pool, static c => c.InFlight), "{call}", "Calls under way to the encoder.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Each(EncoderPool pool, Func<EncoderConnection, int> value) =>
        pool.Connections.Select(c => new Measurement<int>(value(c), new KeyValuePair<string, object?>("encoder", c.Name)));
}
