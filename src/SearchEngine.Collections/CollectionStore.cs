using SearchEngine.Collections.Catalog;
using SearchEngine.Collections.Core;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Snapshots;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections;

/// <summary>The collections of one directory, and their aliases. One process at a time opens it. Any thread may call anything.</summary>
public sealed class CollectionStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IFileLayer _files;
    private readonly StoreLock _lock;
    private readonly string _root;
    private readonly CatalogFile _file;
    private readonly Func<string, CollectionSettings> _settings;
    private readonly TimeProvider _clock;
    private readonly SnapshotShelf _snapshots;
    private readonly Dictionary<string, Collection> _open = new(StringComparer.Ordinal);
    private CatalogContent _catalog;

    private CollectionStore(string root, IFileLayer files, StoreLock held, Func<string, CollectionSettings> settings, TimeProvider clock)
    {
        _root = root;
        _files = files;
        _lock = held;
        _settings = settings;
        _clock = clock;
        _snapshots = new SnapshotShelf(Path.Combine(root, "snapshots"), files);
        _file = new CatalogFile(files, root);
        _catalog = _file.Load();
    }

    /// <summary>Own names of the collections.</summary>
    public IReadOnlyList<string> Names => [.. Volatile.Read(ref _catalog).Directories.Keys];

    public IReadOnlyList<Alias> Aliases => [.. Volatile.Read(ref _catalog).Aliases.Values];

    /// <summary>Opens a store, all of its collections included; makes an empty one of an empty or missing directory.</summary>
    /// <param name="settings">By collection name; null takes the defaults for all.</param>
    public static CollectionStore Open(string directory, Func<string, CollectionSettings>? settings = null, TimeProvider? clock = null) =>
        Open(directory, settings, clock ?? TimeProvider.System, DiskFileLayer.Instance);

    internal static CollectionStore Open(string directory, Func<string, CollectionSettings>? settings, TimeProvider clock, IFileLayer files)
    {
        string root = Path.GetFullPath(directory);
        files.CreateDirectory(root);
        StoreLock held = StoreLock.Take(root);
        CollectionStore? store = null;
        try
        {
            store = new CollectionStore(root, files, held, settings ?? (static _ => new CollectionSettings()), clock);
            store.OpenAll();
            return store;
        }
        catch
        {
            if (store is null)
            {
                held.Dispose();
            }
            else
            {
                store.Dispose();
            }
            throw;
        }
    }

    public Collection Create(string name, CollectionSchema schema)
    {
        NameCheck.Validate(name, "collection");
        SchemaCheck.Validate(schema);
        lock (_gate)
        {
            RefuseTaken(name);
            (CatalogContent next, string directory) = WithDirectory(name);
            CollectionFactory.Create(directory, schema, _files);
            return Enter(name, next, directory);
        }
    }

    /// <summary>The collection with this name or alias.</summary>
    public Collection Get(string nameOrAlias) => TryGet(nameOrAlias) ?? throw new CollectionException(
        CollectionError.CollectionUnknown, "collection", $"There is no collection or alias \"{nameOrAlias}\".", "Create it, or look at the list of collections.");

    public Collection? TryGet(string nameOrAlias)
    {
        lock (_gate)
        {
            return _catalog.Resolve(nameOrAlias) is { } name ? _open[name] : null;
        }
    }

    /// <summary>Removes a collection and its files; searches that run on it end well.</summary>
    /// <param name="name">Its own name.</param>
    /// <param name="aliases">Whether aliases that point to it are removed too; otherwise there must be none.</param>
    public void Drop(string name, AliasPolicy aliases = AliasPolicy.Refuse)
    {
        lock (_gate)
        {
            if (!_catalog.Directories.TryGetValue(name, out string? directory))
            {
                throw new CollectionException(
                    CollectionError.CollectionUnknown, "collection", $"There is no collection \"{name}\".", "Use its own name, not an alias.");
            }
            string[] pointing = [.. _catalog.Aliases.Values.Where(a => a.Collection == name).Select(a => a.Name)];
            if (pointing.Length > 0 && aliases == AliasPolicy.Refuse)
            {
                throw new CollectionException(
                    CollectionError.AliasConflict, "aliases", $"Aliases point to collection \"{name}\": {string.Join(", ", pointing)}.", "Switch them elsewhere first.");
            }
            Switch(_catalog with { Directories = _catalog.Directories.Remove(name), Aliases = _catalog.Aliases.RemoveRange(pointing) });
            _open.Remove(name, out Collection? dropped);
            dropped!.Dispose();
            _files.DeleteDirectory(Path.Combine(_root, directory));
        }
    }

    /// <summary>Switches aliases, all in one step or none.</summary>
    public void SwitchAliases(IReadOnlyList<AliasSwitch> switches)
    {
        lock (_gate)
        {
            Switch(_catalog.With(switches, _clock.GetUtcNow()));
        }
    }

    /// <summary>Takes a snapshot that shares the collection's files: it costs the time to read them once, and room only for what is merged away later.</summary>
    public Task<SnapshotDescription> SnapshotAsync(string collection, string name, CancellationToken cancel = default)
    {
        NameCheck.Validate(name, "name");
        Collection source = Get(collection);
        return source.SnapshotAsync(name, _snapshots.DirectoryOf(source.Name, name), _files.Link, _clock, cancel);
    }

    /// <summary>Copies a snapshot to a directory of its own, which must not exist: it shares nothing with the store.</summary>
    public Task<SnapshotDescription> BackupAsync(string collection, string directory, CancellationToken cancel = default)
    {
        Collection source = Get(collection);
        string full = Path.GetFullPath(directory);
        _files.CreateDirectory(Path.GetDirectoryName(full)!);
        return source.SnapshotAsync(Path.GetFileName(full), full, new FileCopy(_files).Run, _clock, cancel);
    }

    /// <summary>The snapshots of the store, the newest first, those of dropped collections included.</summary>
    public IReadOnlyList<SnapshotDescription> Snapshots() => _snapshots.List();

    public void DeleteSnapshot(string collection, string name)
    {
        NameCheck.Validate(collection, "collection");
        NameCheck.Validate(name, "name");
        _snapshots.Delete(collection, name);
    }

    /// <summary>Makes a new collection of a snapshot after checking every byte of it.</summary>
    public Collection Restore(string name, string snapshotDirectory, string? expectedManifest = null, CancellationToken cancel = default)
    {
        NameCheck.Validate(name, "collection");
        lock (_gate)
        {
            RefuseTaken(name);
            (CatalogContent next, string directory) = WithDirectory(name);
            SnapshotRestore.Run(snapshotDirectory, directory, expectedManifest, _files, cancel);
            return Enter(name, next, directory);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Collection collection in _open.Values)
            {
                collection.Dispose();
            }
            _open.Clear();
            _lock.Dispose();
        }
    }

    private void OpenAll()
    {
        RemoveLeftovers();
        foreach ((string name, string directory) in _catalog.Directories)
        {
            _open.Add(name, CollectionFactory.Open(name, Path.Combine(_root, directory), _settings(name), _files));
        }
    }

    // Directories of ours that no catalog names: a create, drop or restore that a crash cut short.
    private void RemoveLeftovers()
    {
        foreach (string entry in _files.List(_root))
        {
            bool ours = entry.StartsWith(DirectoryPrefix, StringComparison.Ordinal) && _files.IsDirectory(Path.Combine(_root, entry));
            if (ours && !_catalog.Directories.ContainsValue(entry))
            {
                _files.DeleteDirectory(Path.Combine(_root, entry));
            }
        }
    }

    private const string DirectoryPrefix = "collection-";

    private (CatalogContent Next, string Directory) WithDirectory(string name)
    {
        string entry = DirectoryPrefix + _catalog.NextDirectory.ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
        string directory = Path.Combine(_root, entry);
        _files.DeleteDirectory(directory);
        return (_catalog with { NextDirectory = _catalog.NextDirectory + 1, Directories = _catalog.Directories.Add(name, entry) }, directory);
    }

    private Collection Enter(string name, CatalogContent next, string directory)
    {
        Collection collection = CollectionFactory.Open(name, directory, _settings(name), _files);
        try
        {
            Switch(next);
        }
        catch
        {
            collection.Dispose();
            throw;
        }
        _open.Add(name, collection);
        return collection;
    }

    private void Switch(CatalogContent next)
    {
        _file.Publish(next);
        Volatile.Write(ref _catalog, next);
    }

    private void RefuseTaken(string name)
    {
        if (_catalog.Directories.ContainsKey(name) || _catalog.Aliases.ContainsKey(name))
        {
            throw new CollectionException(
                CollectionError.CollectionExists, "collection", $"The name \"{name}\" is taken by {(_catalog.Directories.ContainsKey(name) ? "a collection" : "an alias")}.",
                "Choose another name, or delete what has it.");
        }
    }
}
