using System.Globalization;
using SearchEngine.Collections;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Server.Contract;

/// <summary>Settings of a collection: what changes while it serves, on the wire and in the engine.</summary>
internal static class SettingsMap
{
    private const float DefaultTarget = 0.95f;
    private const float LeastTarget = 0.5f;
    private const float MostTarget = 0.999f;
    private const int MostBreadth = 4_096;
    private const ulong LeastCanaryMicros = 60_000_000;

    /// <summary>Ten years: a time that clocks can be asked about.</summary>
    private const ulong MostCanaryMicros = 315_576_000_000_000;

    /// <summary>What is in force where nobody has said anything; recheck share and canary interval are then those of the process.</summary>
    public static Wire.CollectionSettings Defaults => new()
    {
        AckLevel = Wire.AckLevel.Logged,
        WarmUp = Wire.WarmUp.Codes,
        UnindexedFilter = Wire.UnindexedFilter.Scan,
        Accuracy = new Wire.Accuracy { TargetRecall = DefaultTarget },
        AccessMode = Wire.AccessMode.ReadWrite,
    };

    /// <summary>What is in force after a change; fields that it leaves unset stay.</summary>
    public static Wire.CollectionSettings Change(Wire.CollectionSettings inForce, Wire.CollectionSettings? change, string path)
    {
        Wire.CollectionSettings next = inForce.Clone();
        if (change is null)
        {
            return next;
        }
        FieldNotServed.Check(change, path, "limits", "recall_floor", "background_share");
        FieldNotServed.When(change.WarmUp == Wire.WarmUp.Full, $"{path}.warm_up");
        if (change.AckLevel != 0)
        {
            Ack(change.AckLevel, $"{path}.ack_level");
            next.AckLevel = change.AckLevel;
        }
        if (change.Accuracy is { KindCase: not Wire.Accuracy.KindOneofCase.None })
        {
            Check(change.Accuracy, $"{path}.accuracy");
            next.Accuracy = change.Accuracy.Clone();
        }
        // Written so that NaN is refused.
        if (change.HasRecheckShare && !(change.RecheckShare is >= 0 and <= 1))
        {
            throw Refusal.Invalid(
                $"{path}.recheck_share", "A share lies between 0 and 1.", "0 checks nothing, 1 all that idle time allows.",
                change.RecheckShare.ToString(CultureInfo.InvariantCulture), "0 to 1");
        }
        if (change.HasCanaryIntervalMicros && change.CanaryIntervalMicros is < LeastCanaryMicros or > MostCanaryMicros)
        {
            throw Refusal.Invalid(
                $"{path}.canary_interval_micros", "Canaries are checked at most once a minute, and at least once in ten years.",
                "State 60,000,000 or more.", change.CanaryIntervalMicros.ToString(CultureInfo.InvariantCulture), $"{LeastCanaryMicros} to {MostCanaryMicros}");
        }
        if (change.HasRecheckShare)
        {
            next.RecheckShare = change.RecheckShare;
        }
        if (change.HasCanaryIntervalMicros)
        {
            next.CanaryIntervalMicros = change.CanaryIntervalMicros;
        }
        next.WarmUp = change.WarmUp == 0 ? next.WarmUp : change.WarmUp;
        next.UnindexedFilter = change.UnindexedFilter == 0 ? next.UnindexedFilter : change.UnindexedFilter;
        next.AccessMode = change.AccessMode == 0 ? next.AccessMode : change.AccessMode;
        return next;
    }

    /// <param name="settings">As <see cref="Change"/> gives them.</param>
    /// <param name="engine">What the process sets for all of its collections.</param>
    public static CollectionSettings ToEngine(Wire.CollectionSettings settings, CollectionSettings engine) => engine with
    {
        AckLevel = Ack(settings.AckLevel, "settings.ack_level") ?? AckLevel.Logged,
        Accuracy = settings.Accuracy.KindCase switch
        {
            Wire.Accuracy.KindOneofCase.Exact => Accuracy.Exact,
            Wire.Accuracy.KindOneofCase.Breadth => Accuracy.OfBreadth((int)settings.Accuracy.Breadth),
            _ => Accuracy.OfRecall(settings.Accuracy.TargetRecall),
        },
        Unindexed = settings.UnindexedFilter == Wire.UnindexedFilter.Refuse ? UnindexedFilter.Refuse : UnindexedFilter.Scan,
        Residency = settings.WarmUp == Wire.WarmUp.None ? CodeResidency.OnDemand : CodeResidency.Populated,
        IsReadOnly = settings.AccessMode == Wire.AccessMode.ReadOnly,
    };

    /// <summary>Null takes the collection's own.</summary>
    public static AckLevel? Ack(Wire.AckLevel level, string path) => level switch
    {
        Wire.AckLevel.Unspecified => null,
        Wire.AckLevel.Memory => AckLevel.Memory,
        // One process: what is logged is found by every search that starts later.
        Wire.AckLevel.Logged or Wire.AckLevel.Searchable => AckLevel.Logged,
        Wire.AckLevel.LoggedEach => AckLevel.LoggedEach,
        _ => throw Refusal.Invalid(path, "There is no such ack level.", "Use a value of AckLevel.", Refusal.Number((int)level)),
    };

    private static void Check(Wire.Accuracy accuracy, string path)
    {
        if (accuracy.KindCase == Wire.Accuracy.KindOneofCase.Breadth && accuracy.Breadth is 0 or > MostBreadth)
        {
            throw Refusal.Limit($"{path}.breadth", accuracy.Breadth, MostBreadth, "candidates", "Use a target recall, or exact search.");
        }
        if (accuracy.KindCase == Wire.Accuracy.KindOneofCase.TargetRecall && !(accuracy.TargetRecall is >= LeastTarget and <= MostTarget))
        {
            throw Refusal.Invalid(
                $"{path}.target_recall", $"A target recall is {LeastTarget} to {MostTarget}.", "Use exact search for all hits.",
                accuracy.TargetRecall.ToString(CultureInfo.InvariantCulture), "0.5 to 0.999");
        }
    }
}
