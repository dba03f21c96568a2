using System.Globalization;
using SearchEngine.Rpc;

namespace SearchEngine.Encoder.Batching;

/// <summary>Refusals before any work: each says when to come again.</summary>
internal static class AdmissionErrors
{
    private const double LeastRetryMillis = 1;

    /// <param name="lane">Where the text would wait.</param>
    /// <param name="queued">Predicted milliseconds that wait in the lane.</param>
    /// <param name="limit">How many may.</param>
    /// <param name="wait">When the queue is expected to be done.</param>
    public static RpcException Overloaded(LaneKind lane, double queued, double limit, double wait) =>
        Refusal.Of(
            Wire.ErrorReason.Overloaded, "", $"{Millis(queued)} ms of work wait in the lane {lane} already, {Millis(limit)} ms may.",
            "Try again after the retry delay, or ask another encoder.", actual: Micros(queued), limit: Micros(limit))
            .RetryAfter(After(wait));

    /// <param name="lane">Where the text would wait.</param>
    /// <param name="waiting">Texts that wait there.</param>
    /// <param name="limit">How many may.</param>
    /// <param name="wait">When the queue is expected to be done.</param>
    public static RpcException Crowded(LaneKind lane, int waiting, int limit, double wait) =>
        Refusal.Of(
            Wire.ErrorReason.Overloaded, "", $"{waiting} texts wait in the lane {lane} already, {limit} may.",
            "Try again after the retry delay, or ask another encoder.", actual: $"{waiting} texts", limit: $"{limit} texts")
            .RetryAfter(After(wait));

    /// <param name="predicted">Milliseconds until the result would be there.</param>
    /// <param name="remaining">Milliseconds left.</param>
    /// <param name="wait">When the queue is expected to be done.</param>
    public static RpcException Late(double predicted, double remaining, double wait) =>
        Refusal.Of(
            Wire.ErrorReason.PredictedLate, "",
            $"The result would take about {Millis(predicted)} ms, {Millis(remaining)} ms remain; nothing was run.",
            "Allow more time, send fewer texts at once, or use EncodeStream.", actual: Micros(predicted), limit: Micros(remaining))
            .With("predicted_micros", Refusal.Number((long)(predicted * 1_000)))
            .With("remaining_micros", Refusal.Number((long)(remaining * 1_000)))
            .RetryAfter(After(wait));

    public static RpcException Stopping() =>
        Refusal.Of(Wire.ErrorReason.Draining, "", "The encoder is shutting down.", "Ask another encoder.")
            .RetryAfter(TimeSpan.FromSeconds(1));

    private static TimeSpan After(double millis) => TimeSpan.FromMilliseconds(Math.Max(LeastRetryMillis, millis));

    private static string Micros(double millis) => $"{Refusal.Number((long)(millis * 1_000))} us";

    private static string Millis(double millis) => millis.ToString("0.###", CultureInfo.InvariantCulture);
}
