using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SearchEngine.Collections;
using SearchEngine.Collections.Storage;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Collections;

/// <summary>
/// Settings, configuration version and birth of each collection, one file each, written aside, renamed and synced. What cannot change, spaces
/// included, is in the engine's schema and travels with snapshots; what is here does not.
/// </summary>
internal sealed class SettingsShelf
{
    private const string Extension = ".settings";

    private readonly Lock _gate = new();
    private readonly string _root;
    private readonly CollectionSettings _engine;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Wire.CollectionDescription> _entries = new(StringComparer.Ordinal);
    private FrozenDictionary<string, Wire.CollectionSettings> _watched = FrozenDictionary<string, Wire.CollectionSettings>.Empty;

    /// <param name="root">Made if missing.</param>
    /// <param name="engine">What the process sets for all of its collections.</param>
    /// <param name="time">For the birth of collections.</param>
    public SettingsShelf(string root, CollectionSettings engine, TimeProvider time)
    {
        _root = root;
        _engine = engine;
        _time = time;
        DurableFolder.Make(root);
        foreach (string file in Directory.EnumerateFiles(root, "*" + Extension))
        {
            Wire.CollectionDescription entry = Load(file);
            _entries[entry.Name] = entry;
        }
        Watch();
    }

    /// <summary>Settings of the collections that state a recheck share or a canary interval. For every search to look at: read without a
    /// lock, and nobody changes them.</summary>
    public FrozenDictionary<string, Wire.CollectionSettings> Watched => Volatile.Read(ref _watched);

    /// <summary>Configuration's settings, version and birth; nothing else is set.</summary>
    public Wire.CollectionDescription Of(string collection)
    {
        lock (_gate)
        {
            return Entry(collection).Clone();
        }
    }

    public CollectionSettings EngineOf(string collection) => SettingsMap.ToEngine(Of(collection).Config.Settings, _engine);

    /// <summary>For a collection that is about to be made; an older one's file is replaced.</summary>
    public void Begin(string collection, Wire.CollectionSettings settings)
    {
        lock (_gate)
        {
            Keep(Fresh(collection, settings));
        }
    }

    /// <summary>Counts the configuration on and keeps the settings.</summary>
    public void Change(string collection, Wire.CollectionSettings settings)
    {
        lock (_gate)
        {
            Wire.CollectionDescription next = Entry(collection).Clone();
            next.Config.Settings = settings;
            next.ConfigVersion++;
            Keep(next);
        }
    }

    public void Remove(string collection)
    {
        lock (_gate)
        {
            _entries.Remove(collection);
            Watch();
            DurableFolder.Delete(PathOf(collection));
        }
    }

    private Wire.CollectionDescription Entry(string collection) =>
        _entries.TryGetValue(collection, out Wire.CollectionDescription? entry) ? entry : Fresh(collection, SettingsMap.Defaults);

    private Wire.CollectionDescription Fresh(string collection, Wire.CollectionSettings settings) => new()
    {
        Name = collection,
        Config = new Wire.CollectionConfig { Settings = settings },
        ConfigVersion = 1,
        Created = Timestamp.FromDateTimeOffset(_time.GetUtcNow()),
    };

    private void Keep(Wire.CollectionDescription entry)
    {
        string path = PathOf(entry.Name);
        string aside = path + ".tmp";
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(entry)));
            file.Flush(flushToDisk: true);
        }
        DurableFolder.Publish(aside, path);
        _entries[entry.Name] = entry;
        Watch();
    }

    private void Watch() => Volatile.Write(
        ref _watched,
        _entries.Where(static e => e.Value.Config.Settings is { HasRecheckShare: true } or { HasCanaryIntervalMicros: true })
            .ToFrozenDictionary(static e => e.Key, static e => e.Value.Config.Settings.Clone(), StringComparer.Ordinal));

    private string PathOf(string collection) => Path.Combine(_root, collection + Extension);

    private static Wire.CollectionDescription Load(string file)
    {
        try
        {
            return JsonParser.Default.Parse<Wire.CollectionDescription>(File.ReadAllText(file));
        }
        catch (Exception damaged) when (damaged is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new CollectionException(
                CollectionError.Checksum, "", $"The settings in {file} cannot be read: {damaged.Message}", "Repair the file, or delete it to take the defaults.", damaged);
        }
    }
}
