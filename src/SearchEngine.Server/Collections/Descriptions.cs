using Google.Protobuf.WellKnownTypes;
using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Collections;

/// <summary>Collections, aliases and snapshots as replies describe them.</summary>
internal sealed class Descriptions(ServerState server)
{
    /// <param name="caller">Who asks: counts are of what it can see, and sizes, which tell of the rest, are left out for one that cannot see all.</param>
    public Wire.CollectionDescription Of(Collection collection, Caller caller)
    {
        CollectionStatistics statistics = collection.Describe();
        Wire.CollectionDescription described = server.Settings.Of(collection.Name);
        described.Config = SchemaMap.Write(collection.Schema, described.Config.Settings);
        (described.State, described.StateMessage) = State(collection, statistics);
        described.LivePoints = Visible(collection, caller, statistics);
        described.SnapshotVersion = statistics.Sequence;
        described.Aliases.Add(AliasesOf(collection.Name));
        described.Vectors.Add(collection.Schema.Vectors.Select(v => Health(v, server.Texts.Canaries.Last(v), caller)));
        described.Vectors.Add(collection.Schema.AllVectors().Where(static v => v is not VectorSchema).Select(v => Health(v, null, caller)));
        if (!caller.SeesAll)
        {
            return described;
        }
        described.Tombstones = (ulong)statistics.DeadRows;
        described.UnindexedPoints = (ulong)statistics.Unindexed;
        described.Segments = (uint)statistics.Segments;
        described.LogTailBytes = (ulong)statistics.LogBytes;
        described.Bytes.Add(Sizes(statistics));
        described.Quarantine.Add(statistics.Damage.Select(Damage));
        described.Operations.Add(server.Operations.Of(collection.Name));
        return described;
    }

    public Wire.CollectionSummary Summary(Collection collection, Caller caller)
    {
        CollectionStatistics statistics = collection.Describe();
        var summary = new Wire.CollectionSummary
        {
            Name = collection.Name,
            State = State(collection, statistics).State,
            LivePoints = Visible(collection, caller, statistics),
            DiskBytes = caller.SeesAll ? (ulong)statistics.Sizes.Sum(static s => s.Disk) : 0,
        };
        summary.Aliases.Add(AliasesOf(collection.Name));
        return summary;
    }

    public static Wire.Alias Of(Alias alias, Caller caller) => new()
    {
        Name = alias.Name,
        Collection = alias.Collection,
        Switched = Timestamp.FromDateTimeOffset(alias.Switched),
        PreviousCollection = alias.Previous is { } previous && caller.MayUse(previous) ? previous : "",
    };

    /// <param name="damage">Found now or when the collection was opened.</param>
    public static Wire.QuarantineEntry Damage(Quarantined damage) =>
        new() { File = damage.What, Damage = damage.Reason, Points = (ulong)damage.Documents };

    private static ulong Visible(Collection collection, Caller caller, CollectionStatistics statistics)
    {
        try
        {
            return caller.Injected is { } injected ? (ulong)collection.Count(injected) : (ulong)statistics.Documents;
        }
        catch (CollectionException)
        {
            // The filter cannot be asked here: the caller sees nothing of the collection, and every call about it says so.
            return 0;
        }
    }

    private IEnumerable<string> AliasesOf(string collection) =>
        server.Store.Aliases.Where(a => a.Collection == collection).Select(static a => a.Name);

    private static (Wire.CollectionState State, string Message) State(Collection collection, CollectionStatistics statistics)
    {
        if (statistics.Damage.Count > 0)
        {
            return (Wire.CollectionState.Damaged, "Part of the data is set aside as damaged; see quarantine.");
        }
        if (collection.Settings.IsReadOnly)
        {
            return (Wire.CollectionState.ReadOnly, "The collection is set to read only.");
        }
        string warnings = string.Join("; ", statistics.Failures.Select(static f => $"{f.Key}: {f.Value}")
            .Concat(statistics.UnknownFiles.Select(static file => $"not a file of the collection: {file}")));
        return (Wire.CollectionState.Ready, warnings);
    }

    private static Wire.VectorHealth Health(IVectorField vector, Wire.CanaryReport? canaries, Caller caller)
    {
        var health = new Wire.VectorHealth { Name = vector.Name, Canaries = canaries };
        if (BoundSpace.Of(vector) is { } bound)
        {
            health.Fingerprint = new Wire.Fingerprint { Space = bound.Id };
        }
        // It counts and measures all points.
        if (vector is VectorSchema { Calibration: { } calibration } && caller.SeesAll)
        {
            health.Curve = CalibrationMap.Curve(calibration);
            health.Code = CalibrationMap.Code(calibration);
            health.SelfRecall = 1 - (float)calibration.SelfMisses / calibration.SelfSearches;
            health.UnreachablePoints = (ulong)calibration.SelfMisses;
        }
        return health;
    }

    private static IEnumerable<Wire.ComponentBytes> Sizes(CollectionStatistics statistics) => statistics.Sizes
        .GroupBy(static s => Component(s.Component))
        .Where(static g => g.Key != 0)
        .Select(static g => new Wire.ComponentBytes
        {
            Component = g.Key,
            DiskBytes = (ulong)g.Sum(static s => s.Disk),
            MappedBytes = (ulong)g.Sum(static s => s.Mapped),
            ResidentBytes = (ulong)g.Sum(static s => s.Resident),
        });

    // Those of a vector are "vectors.NAME.links" and so on.
    private static Wire.StorageComponent Component(string name) => name[(name.LastIndexOf('.') + 1)..] switch
    {
        "links" => Wire.StorageComponent.Links,
        "codes" or "signs" => Wire.StorageComponent.Codes,
        "truth" => Wire.StorageComponent.Truth,
        "attributes" => Wire.StorageComponent.Attributes,
        "bodies" or "texts" => Wire.StorageComponent.Texts,
        "ids" => Wire.StorageComponent.Ids,
        "log" => Wire.StorageComponent.Log,
        "live" => Wire.StorageComponent.Live,
        _ => Wire.StorageComponent.Unspecified,
    };
}
