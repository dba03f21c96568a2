using System.Collections.Frozen;
using SearchEngine.Rpc;

namespace SearchEngine.Contract;

/// <summary>The reasons of the contract: their names as they travel, and the status each comes with.</summary>
public static class Reasons
{
    private const string Prefix = "ERROR_REASON_";

    private static readonly FrozenDictionary<Wire.ErrorReason, StatusCode> Codes = new Dictionary<StatusCode, Wire.ErrorReason[]>
    {
        [StatusCode.NotFound] =
        [
            Wire.ErrorReason.CollectionUnknown, Wire.ErrorReason.PointUnknown, Wire.ErrorReason.SnapshotUnknown,
            Wire.ErrorReason.ModelUnknown, Wire.ErrorReason.JudgementsUnknown,
        ],
        [StatusCode.AlreadyExists] =
            [Wire.ErrorReason.CollectionExists, Wire.ErrorReason.PointExists, Wire.ErrorReason.SnapshotExists],
        [StatusCode.FailedPrecondition] =
        [
            Wire.ErrorReason.EncoderMismatch, Wire.ErrorReason.SideMismatch, Wire.ErrorReason.EncoderDrift,
            Wire.ErrorReason.EncoderNone, Wire.ErrorReason.FilterUnindexed, Wire.ErrorReason.ReadOnly,
            Wire.ErrorReason.RequestIdReused, Wire.ErrorReason.Building, Wire.ErrorReason.CursorExpired,
            Wire.ErrorReason.ConsistencyToken, Wire.ErrorReason.SettingFixed, Wire.ErrorReason.RecallFloor,
            Wire.ErrorReason.AliasConflict, Wire.ErrorReason.ConfigurationInvalid,
        ],
        [StatusCode.Unavailable] =
        [
            Wire.ErrorReason.EncoderDown, Wire.ErrorReason.Overloaded, Wire.ErrorReason.PredictedLate,
            Wire.ErrorReason.Draining, Wire.ErrorReason.Starting,
        ],
        [StatusCode.Unimplemented] =
        [
            Wire.ErrorReason.OutputUnsupported, Wire.ErrorReason.FieldNotServed, Wire.ErrorReason.ServiceUnknown,
            Wire.ErrorReason.MethodUnknown, Wire.ErrorReason.MethodNotServed, Wire.ErrorReason.MessageCount,
            Wire.ErrorReason.EncodingUnsupported,
        ],
        [StatusCode.ResourceExhausted] =
        [
            Wire.ErrorReason.DiskReserve, Wire.ErrorReason.MemoryReserve, Wire.ErrorReason.Credits, Wire.ErrorReason.Quota,
            Wire.ErrorReason.Rate, Wire.ErrorReason.Concurrency, Wire.ErrorReason.MessageTooLarge, Wire.ErrorReason.MetadataTooLarge,
        ],
        [StatusCode.Internal] =
        [
            Wire.ErrorReason.MessageMalformed, Wire.ErrorReason.TimeoutMalformed, Wire.ErrorReason.MetadataMalformed,
            Wire.ErrorReason.InternalFault,
        ],
        [StatusCode.OutOfRange] = [Wire.ErrorReason.Window],
        [StatusCode.Aborted] = [Wire.ErrorReason.VersionConflict, Wire.ErrorReason.ResumeConflict],
        [StatusCode.DataLoss] = [Wire.ErrorReason.Checksum, Wire.ErrorReason.Quarantined],
        [StatusCode.DeadlineExceeded] = [Wire.ErrorReason.Deadline],
        [StatusCode.Unauthenticated] = [Wire.ErrorReason.Credentials],
        [StatusCode.PermissionDenied] = [Wire.ErrorReason.Permission],
    }.SelectMany(static group => group.Value.Select(reason => (reason, group.Key))).ToFrozenDictionary(static p => p.reason, static p => p.Key);

    private static readonly FrozenDictionary<Wire.ErrorReason, string> Names = Wire.CommonReflection.Descriptor.EnumTypes
        .Single(static e => e.Name == nameof(Wire.ErrorReason)).Values
        .ToFrozenDictionary(static v => (Wire.ErrorReason)v.Number, static v => v.Name[Prefix.Length..]);

    private static readonly FrozenDictionary<string, Wire.ErrorReason> ByName =
        Names.ToFrozenDictionary(static n => n.Value, static n => n.Key);

    /// <summary>As in ErrorInfo.reason: DIMENSION_MISMATCH.</summary>
    public static string NameOf(Wire.ErrorReason reason) => Names[reason];

    /// <summary>UNSPECIFIED for a name that the contract does not have.</summary>
    public static Wire.ErrorReason Of(string? name) => name is not null && ByName.TryGetValue(name, out Wire.ErrorReason reason) ? reason : 0;

    /// <summary>What the contract does not name otherwise is a mistake in the request.</summary>
    public static StatusCode CodeOf(Wire.ErrorReason reason) => Codes.GetValueOrDefault(reason, StatusCode.InvalidArgument);
}
