using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Operations;

/// <summary>The slowest recent calls: the newest of them for Admin.SlowLog, and each as one line of JSON in the log.</summary>
internal sealed class SlowLog(TimeSpan threshold, RequestSummary summaries, TimeProvider time, ILogger log)
{
    public const int Kept = 1_000;

    /// <summary>Calls that took at least so long are slow.</summary>
    public TimeSpan Threshold => threshold;

    public LogRing<Wire.SlowCall> Entries { get; } = new(Kept);

    public void Add(ServerCall call, CallRecord record, TimeSpan took, StatusCode code)
    {
        var slow = new Wire.SlowCall
        {
            Arrived = Timestamp.FromDateTimeOffset(time.GetUtcNow() - took),
            Method = call.Method.Descriptor.FullName,
            Collection = record.Collection,
            KeyName = (call.Principal as Caller ?? Caller.Anyone).Name,
            RequestId = record.RequestId,
            Timings = new Wire.Timings { TotalMicros = Saturated(took) },
            Code = (uint)code,
            Summary = record.Request is { } request ? summaries.Of(request) : "",
            TraceId = Activity.Current?.TraceId.ToHexString() ?? "",
        };
        if (record.Search is { } search)
        {
            Describe(slow, search.Answer);
        }
        Entries.Add(slow);
        ServerLog.SlowCall(log, JsonFormatter.Default.Format(slow));
    }

    private static void Describe(Wire.SlowCall slow, SearchAnswer answer)
    {
        slow.Timings.AdmitMicros = (uint)Math.Clamp(answer.Ticket.WaitedMicros, 0, uint.MaxValue);
        slow.Timings.PlanMicros = Saturated(answer.Result.PlanTime);
        slow.Timings.WalkMicros = Saturated(answer.Result.SearchTime);
        slow.Cost = SearchHeaders.CostOf(answer);
        slow.Plan = PlanMap.Write(answer.Result.Plan);
    }

    private static uint Saturated(TimeSpan time) => (uint)Math.Clamp((long)time.TotalMicroseconds, 0, uint.MaxValue);
}
