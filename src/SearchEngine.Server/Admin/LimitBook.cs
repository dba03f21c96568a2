using SearchEngine.Collections.Filters;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Points;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;

namespace SearchEngine.Server.Admin;

/// <summary>The limits in force. What waits at the desk can be changed while the server runs; the others are fixed and say so.</summary>
internal sealed class LimitBook(AdmissionDesk desk, SearchServerOptions options, int streamsPerConnection)
{
    private const long LeastQueueMicros = 1_000;
    private const long MostQueueMicros = 60_000_000;
    private const int MaxTextBytes = 1 << 20;

    private readonly Lock _gate = new();
    private ulong _version = 1;

    public (Wire.Limits Limits, ulong Version) InForce
    {
        get
        {
            lock (_gate)
            {
                return (Now(), _version);
            }
        }
    }

    public (Wire.Limits Limits, ulong Version) Change(Wire.Limits change, ulong? expected)
    {
        lock (_gate)
        {
            if (expected is { } version && version != _version)
            {
                throw Refusal.Of(
                    Wire.ErrorReason.VersionConflict, "expected_limits_version", $"The limits have version {_version}, the request expects {version}.",
                    "Read them and decide anew.", Refusal.Number((long)version), Refusal.Number((long)_version));
            }
            string[] fixedOnes = [.. Wire.Limits.Descriptor.Fields.InDeclarationOrder().Select(static f => f.Name).Except(["max_queue_micros", "max_caller_share"])];
            FieldNotServed.Check(change, "limits", fixedOnes);
            AdmissionSettings next = desk.Settings;
            if (change.HasMaxQueueMicros)
            {
                next = next with
                {
                    MaxQueueMicros = change.MaxQueueMicros is >= LeastQueueMicros and <= MostQueueMicros
                        ? (long)change.MaxQueueMicros
                        : throw Beyond("limits.max_queue_micros", change.MaxQueueMicros.ToString(System.Globalization.CultureInfo.InvariantCulture), "1,000 to 60,000,000 us"),
                };
            }
            if (change.HasMaxCallerShare)
            {
                next = next with
                {
                    MaxCallerShare = change.MaxCallerShare is > 0 and <= 1
                        ? change.MaxCallerShare
                        : throw Beyond("limits.max_caller_share", change.MaxCallerShare.ToString(System.Globalization.CultureInfo.InvariantCulture), "above 0 to 1"),
                };
            }
            if (next != desk.Settings)
            {
                desk.Change(next);
                _version++;
            }
            return (Now(), _version);
        }
    }

    private static Rpc.RpcException Beyond(string field, string actual, string limit) =>
        Refusal.Of(Wire.ErrorReason.LimitExceeded, field, $"{field} is {actual}; {limit} is possible.", "Use a value in the range.", actual: actual, limit: limit);

    private Wire.Limits Now() => new()
    {
        MaxRequestBytes = PointLimits.MaxRequestBytes,
        MaxFrameBytes = PointLimits.MaxFrameBytes,
        MaxReplyBytes = Envelope.MaxReplyBytes,
        MaxDimension = VectorMap.MaxDimension,
        MaxK = SearchLimits.MaxHits,
        MaxWindow = SearchLimits.MaxWindow,
        MaxBreadth = SearchLimits.MaxBreadth,
        MaxOversampling = SearchLimits.MaxOversampling,
        MaxBatchItems = SearchLimits.MaxBatchItems,
        MaxBatchBytes = PointLimits.MaxBatchBytes,
        MaxFilterConditions = Filter.MaxConditions,
        MaxFilterSet = Filter.MaxValues,
        MaxFilterDepth = Filter.MaxDepth,
        MaxAttributeBytes = PointLimits.MaxAttributeBytes,
        MaxDocumentTextBytes = MaxTextBytes,
        MaxStreamsPerConnection = (uint)streamsPerConnection,
        DefaultSearchDeadlineMicros = (ulong)Serving.DefaultDeadline.TotalMicroseconds,
        MaxQueueMicros = (ulong)desk.Settings.MaxQueueMicros,
        MaxCallerShare = (float)desk.Settings.MaxCallerShare,
        CursorLifetimeMicros = (ulong)options.CursorLifetime.TotalMicroseconds,
        DefaultReplyBytes = Envelope.DefaultReplyBytes,
    };
}
