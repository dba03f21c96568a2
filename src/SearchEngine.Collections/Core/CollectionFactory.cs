using SearchEngine.Collections.Log;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>Makes collections, and opens them: the manifest's files, then the log behind them.</summary>
internal static class CollectionFactory
{
    /// <summary>Makes the files of an empty collection.</summary>
    public static void Create(string directory, CollectionSchema schema, IFileLayer files)
    {
        var paths = new CollectionPaths(directory);
        files.CreateDirectory(directory);
        files.CreateDirectory(paths.Log);
        files.CreateDirectory(paths.Segments);
        using var durable = new DurableState(paths, files, default);
        if (durable.Publish(0, schema, []) is { } doubt)
        {
            throw new IOException($"The collection's manifest may not survive a loss of power: {doubt.Message}", doubt);
        }
        files.SyncDirectory(Path.GetDirectoryName(directory)!);
    }

    public static Collection Open(string name, string directory, CollectionSettings settings, IFileLayer files)
    {
        settings.Validate();
        CollectionState state = OpenState(directory, settings, files);
        try
        {
            new Replay(state).Run();
        }
        catch
        {
            state.Dispose();
            throw;
        }
        var commit = new GroupCommit(state, new RecordApplier());
        return new Collection(
            name, state, new Writer(commit, name), new LinkThreads(state, name),
            new UpkeepThread(state, new Checkpoint(state), new SegmentMerge(state), name));
    }

    private static CollectionState OpenState(string directory, CollectionSettings settings, IFileLayer files)
    {
        var paths = new CollectionPaths(directory);
        var damage = new List<Quarantined>();
        var durable = new DurableState(paths, files, settings.Residency);
        try
        {
            CollectionSchema schema = durable.Load(damage);
            files.CreateDirectory(paths.Log);
            files.CreateDirectory(paths.Segments);
            FileLog log = FileLog.Open(files, paths.Log, paths.Quarantine, durable.Sequence);
            damage.AddRange(log.Recovery.Damages.Select(d => Damage(d, directory)));
            if (damage.Count > 0)
            {
                durable.SetAside(damage);
                durable.Publish(durable.Sequence, schema, durable.Segments);
            }
            else
            {
                Leftovers.Remove(paths, durable, files);
            }
            return State(paths, settings, files, durable, log, schema);
        }
        catch
        {
            durable.Dispose();
            throw;
        }
    }

    private static Quarantined Damage(LogDamage damage, string directory)
    {
        long lost = damage.LostRecords ? (long)(damage.LastLost - damage.FirstLost + 1) : 0;
        string writes = lost == 0 ? "no write is lost" : $"writes {damage.FirstLost} to {damage.LastLost} may be lost";
        return new Quarantined(
            Path.GetRelativePath(directory, damage.File), $"{damage.What} (bytes {damage.From} to {damage.To}; {writes})", lost);
    }

    private static CollectionState State(
        CollectionPaths paths, CollectionSettings settings, IFileLayer files, DurableState durable, ILog log, CollectionSchema schema)
    {
        var live = new Shared<LiveDocuments>(CollectionState.NewLive(schema, settings), static l => l.Dispose());
        var sources = new List<ViewSource>(durable.Segments.Select(static s => new ViewSource(s.Segment, s.Dead)))
        {
            new(live, 0, DeadRows.None(live.Value.Capacity)),
        };
        var view = new View(1, durable.Sequence, schema, sources);
        live.Release();
        return new CollectionState
        {
            Paths = paths,
            Files = files,
            Settings = settings,
            Log = log,
            Views = new ViewLedger(view),
            Health = new CollectionHealth(durable.Aside),
            Reserve = new DiskReserve(files, paths.Root, settings),
            Durable = durable,
        };
    }
}
