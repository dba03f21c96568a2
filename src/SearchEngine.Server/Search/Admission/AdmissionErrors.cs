using System.Globalization;
using SearchEngine.Rpc;

namespace SearchEngine.Server.Search.Admission;

/// <summary>Refusals at the door: nothing was done, and each says when to come again.</summary>
internal static class AdmissionErrors
{
    private const long LeastRetryMicros = 1_000;

    public static RpcException Overloaded(long queuedMicros, long limitMicros, long waitMicros) =>
        Refusal.Of(
            Wire.ErrorReason.Overloaded, "", $"{Millis(queuedMicros)} ms of work wait already, {Millis(limitMicros)} ms may.",
            "Try again after the retry delay, or ask another server.", actual: Micros(queuedMicros), limit: Micros(limitMicros))
            .RetryAfter(After(waitMicros));

    public static RpcException Late(long predictedMicros, long remainingMicros, long waitMicros) =>
        Refusal.Of(
            Wire.ErrorReason.PredictedLate, "", $"The answer would take about {Millis(predictedMicros)} ms, {Millis(remainingMicros)} ms remain; nothing was started.",
            "Allow more time, a partial answer (budget.on_expiry) or less accuracy.", actual: Micros(predictedMicros), limit: Micros(remainingMicros))
            .With("predicted_micros", Refusal.Number(predictedMicros)).With("remaining_micros", Refusal.Number(remainingMicros))
            .RetryAfter(After(waitMicros));

    public static RpcException Concurrency(string caller, long heldMicros, long shareMicros, long waitMicros) =>
        Refusal.Of(
            Wire.ErrorReason.Concurrency, "",
            $"This caller has {Millis(heldMicros)} ms of work waiting while others wait; its share is {Millis(shareMicros)} ms.",
            "Send fewer searches at once, or use the bulk lane for what nobody waits for.", actual: Micros(heldMicros), limit: Micros(shareMicros))
            .With("key", caller).Quota(caller.Length == 0 ? "anonymous" : caller, "share of the queue").RetryAfter(After(waitMicros));

    private static TimeSpan After(long micros) => TimeSpan.FromMicroseconds(Math.Max(LeastRetryMicros, micros));

    private static string Micros(long value) => $"{Refusal.Number(value)} us";

    private static string Millis(long micros) => (micros / 1000.0).ToString("0.###", CultureInfo.InvariantCulture);
}
