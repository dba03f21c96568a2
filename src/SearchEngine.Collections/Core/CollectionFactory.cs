using SearchEngine.Collections.Log;
using SearchEngine.Collections.Manifests;
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
        using var durable = new DurableState(paths, files, new CollectionSettings(), new CollectionHealth());
        durable.Publish(0, schema, []);
        files.SyncDirectory(Path.GetDirectoryName(directory)!);
    }

    public static Collection Open(string name, string directory, CollectionSettings settings, IFileLayer files, TimeProvider clock)
    {
        settings.Validate();
        CollectionState state = OpenState(directory, settings, files, clock);
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

    private static CollectionState OpenState(string directory, CollectionSettings settings, IFileLayer files, TimeProvider clock)
    {
        var paths = new CollectionPaths(directory);
        var health = new CollectionHealth();
        var durable = new DurableState(paths, files, settings, health);
        FileLog? log = null;
        try
        {
            (CollectionSchema schema, bool isDamaged) = durable.Load();
            files.CreateDirectory(paths.Log);
            log = FileLog.Open(files, paths.Log, paths.Quarantine, durable.Sequence, settings.Log);
            health.Unknown(log.Recovery.UnknownFiles.Select(path => Path.GetRelativePath(directory, path)));
            foreach (LogDamage damage in log.Recovery.Damages)
            {
                durable.SetAside(Entry(damage, directory));
                isDamaged = true;
            }
            if (isDamaged)
            {
                durable.Publish(durable.Sequence, schema, durable.Segments);
            }
            health.Found(durable.Aside);
            return State(paths, settings, files, clock, durable, log, schema, health);
        }
        catch
        {
            log?.Dispose();
            durable.Dispose();
            throw;
        }
    }

    private static QuarantineEntry Entry(LogDamage damage, string directory)
    {
        string writes = damage.LostRecords ? $"writes {damage.FirstLost} to {damage.LastLost} may be lost" : "no write is lost";
        return new QuarantineEntry
        {
            Name = Path.GetRelativePath(directory, damage.File),
            Reason = $"{damage.What} (bytes {damage.From} to {damage.To}; {writes})",
            FirstLost = damage.FirstLost,
            LastLost = damage.LastLost,
        };
    }

    private static CollectionState State(
        CollectionPaths paths, CollectionSettings settings, IFileLayer files, TimeProvider clock, DurableState durable, ILog log,
        CollectionSchema schema, CollectionHealth health)
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
            Clock = clock,
            Settings = settings,
            Log = log,
            Views = new ViewLedger(view),
            Health = health,
            Reserve = new DiskReserve(files, paths.Root, clock),
            Durable = durable,
        };
    }
}
