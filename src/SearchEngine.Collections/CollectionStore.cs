using System.Globalization;
using SearchEngine.Collections.Catalog;
using SearchEngine.Collections.Core;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Snapshots;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections;

/// <summary>The collections of one directory, and their aliases. One process at a time opens it. Any thread may call anything.</summary>
public sealed class CollectionStore : IDisposable
{
    private const string DirectoryPrefix = "collection-";

    /// <summary>Held by whoever changes the catalog; never while data is read, written or waited for.</summary>
    private readonly Lock _gate = new();
    private readonly IFileLayer _files;
    private readonly StoreLock _lock;
    private readonly string _root;
    private readonly CatalogFile _file;
    private readonly Func<string, CollectionSettings> _settings;
    private readonly TimeProvider _clock;
    private readonly SnapshotShelf _snapshots;
    private readonly List<Quarantined> _damage = [];

    /// <summary>Names of collections that are being made.</summary>
    private readonly HashSet<string> _reserved = new(StringComparer.Ordinal);
    private ulong _nextDirectory;
    private StoreContent _content;
    private bool _closed;

    private CollectionStore(string root, IFileLayer files, StoreLock held, Func<string, CollectionSettings> settings, TimeProvider clock)
    {
        _root = root;
        _files = files;
        _lock = held;
        _settings = settings;
        _clock = clock;
        _snapshots = new SnapshotShelf(root, files);
        _file = new CatalogFile(files, root);
        _content = StoreContent.Of(_file.Load(_damage));
        _nextDirectory = _content.Catalog.NextDirectory;
    }

    /// <summary>Own names of the collections.</summary>
    public IReadOnlyList<string> Names => [.. Content.Catalog.Directories.Keys];

    public IReadOnlyList<Alias> Aliases => [.. Content.Catalog.Aliases.Values];

    /// <summary>Damage of the catalog, and collections that could not be opened. What a collection that serves has lost is its own to say.</summary>
    public IReadOnlyList<Quarantined> Damage => _damage;

    private StoreContent Content => Volatile.Read(ref _content);

    /// <summary>Opens a store, all of its collections included; makes an empty one of an empty or missing directory.</summary>
    /// <param name="settings">By collection name; null takes the defaults for all.</param>
    public static CollectionStore Open(string directory, Func<string, CollectionSettings>? settings = null, TimeProvider? clock = null) =>
        Open(directory, settings, clock ?? TimeProvider.System, DiskFileLayer.Instance);

    internal static CollectionStore Open(string directory, Func<string, CollectionSettings>? settings, TimeProvider clock, IFileLayer files)
    {
        string root = Path.GetFullPath(directory);
        if (!files.Exists(root))
        {
            files.CreateDirectory(root);
            files.SyncDirectory(Path.GetDirectoryName(root)!);
        }
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
        return Make(name, directory => CollectionFactory.Create(directory, schema, _files));
    }

    /// <summary>The collection with this name or alias.</summary>
    /// <exception cref="CollectionException">CollectionUnknown; Quarantined: it is too damaged to be opened.</exception>
    public Collection Get(string nameOrAlias) => TryGet(nameOrAlias) ?? throw new CollectionException(
        CollectionError.CollectionUnknown, "collection", $"There is no collection or alias \"{nameOrAlias}\".", "Create it, or look at the list of collections.");

    public Collection? TryGet(string nameOrAlias) => Content.Find(nameOrAlias);

    /// <summary>Removes a collection and its files; searches that run on it end well.</summary>
    /// <param name="name">Its own name.</param>
    /// <param name="aliases">Whether aliases that point to it are removed too; otherwise there must be none.</param>
    public void Drop(string name, AliasPolicy aliases = AliasPolicy.Refuse)
    {
        string? directory;
        Collection? dropped;
        Exception? doubt;
        lock (_gate)
        {
            CatalogContent catalog = _content.Catalog;
            if (!catalog.Directories.TryGetValue(name, out directory))
            {
                throw new CollectionException(
                    CollectionError.CollectionUnknown, "collection", $"There is no collection \"{name}\".", "Use its own name, not an alias.");
            }
            string[] pointing = [.. catalog.Aliases.Values.Where(a => a.Collection == name).Select(a => a.Name)];
            if (pointing.Length > 0 && aliases == AliasPolicy.Refuse)
            {
                throw new CollectionException(
                    CollectionError.AliasConflict, "aliases", $"Aliases point to collection \"{name}\": {string.Join(", ", pointing)}.", "Switch them elsewhere first.");
            }
            RefuseClosed();
            catalog = catalog with { Directories = catalog.Directories.Remove(name), Aliases = catalog.Aliases.RemoveRange(pointing) };
            doubt = _file.Publish(Numbered(catalog));
            dropped = _content.Open.GetValueOrDefault(name);
            Volatile.Write(ref _content, _content.Without(name, catalog));
        }
        dropped?.Dispose();
        if (doubt is not null)
        {
            // The next start decides: it finds the collection whole, or not at all.
            throw new IOException($"Collection \"{name}\" is dropped, but a loss of power may bring it back: {doubt.Message}", doubt);
        }
        _files.DeleteDirectory(Path.Combine(_root, directory));
    }

    /// <summary>Switches aliases, all in one step or none.</summary>
    public void SwitchAliases(IReadOnlyList<AliasSwitch> switches)
    {
        lock (_gate)
        {
            RefuseClosed();
            StoreContent next = _content with { Catalog = _content.Catalog.With(switches, _clock.GetUtcNow()) };
            Publish(next);
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
        return Make(name, directory => SnapshotRestore.Run(snapshotDirectory, directory, expectedManifest, _files, cancel));
    }

    /// <summary>Ends writes, brings what was acknowledged to the disk, and lets another process open the store. Scrolls that are open go on.</summary>
    public void Dispose()
    {
        StoreContent last;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }
            _closed = true;
            last = _content;
            Volatile.Write(ref _content, StoreContent.Of(last.Catalog));
        }
        try
        {
            Parallel.ForEach(last.Open.Values, static collection => collection.Dispose());
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private void OpenAll()
    {
        if (_damage.Count == 0)
        {
            RemoveLeftovers();
        }
        else
        {
            _file.Publish(_content.Catalog);
        }
        foreach ((string name, string directory) in _content.Catalog.Directories)
        {
            try
            {
                Collection opened = CollectionFactory.Open(name, Path.Combine(_root, directory), _settings(name), _files);
                _content = _content.With(name, opened, _content.Catalog);
            }
            catch (CollectionException damaged) when (damaged.Error == CollectionError.Checksum)
            {
                // The others serve.
                _content = _content with { Unopened = _content.Unopened.Add(name, damaged) };
                _damage.Add(new Quarantined(directory, $"Collection \"{name}\" cannot be opened: {damaged.What}", 0));
            }
        }
    }

    // Directories of ours that no catalog names: a create, drop or restore that a crash cut short.
    private void RemoveLeftovers()
    {
        foreach (string entry in _files.List(_root))
        {
            bool ours = entry.StartsWith(DirectoryPrefix, StringComparison.Ordinal) && _files.IsDirectory(Path.Combine(_root, entry));
            if (ours && !_content.Catalog.Directories.ContainsValue(entry))
            {
                _files.DeleteDirectory(Path.Combine(_root, entry));
            }
        }
    }

    // The long part runs without the gate: look-ups and other collections wait for nothing.
    private Collection Make(string name, Action<string> fill)
    {
        string entry;
        lock (_gate)
        {
            RefuseClosed();
            _content.RefuseTaken(name);
            if (!_reserved.Add(name))
            {
                throw new CollectionException(
                    CollectionError.CollectionExists, "collection", $"A collection \"{name}\" is being made.", "Choose another name, or wait.");
            }
            // Not used again after a failure: a catalog that may be on the disk could name it.
            entry = DirectoryPrefix + (_nextDirectory++).ToString("D6", CultureInfo.InvariantCulture);
        }
        try
        {
            string directory = Path.Combine(_root, entry);
            _files.DeleteDirectory(directory);
            fill(directory);
            return Enter(name, entry, CollectionFactory.Open(name, directory, _settings(name), _files));
        }
        finally
        {
            lock (_gate)
            {
                _reserved.Remove(name);
            }
        }
    }

    private Collection Enter(string name, string entry, Collection collection)
    {
        try
        {
            lock (_gate)
            {
                RefuseClosed();
                _content.RefuseTaken(name);
                CatalogContent catalog = _content.Catalog;
                Publish(_content.With(name, collection, catalog with { Directories = catalog.Directories.Add(name, entry) }));
            }
            return collection;
        }
        catch
        {
            collection.Dispose();
            throw;
        }
    }

    // What may not survive is not begun: nobody could rely on it.
    private void Publish(StoreContent next)
    {
        if (_file.Publish(Numbered(next.Catalog)) is { } doubt)
        {
            throw new IOException($"The catalog may not survive a loss of power, so nothing is changed until a restart: {doubt.Message}", doubt);
        }
        Volatile.Write(ref _content, next);
    }

    private CatalogContent Numbered(CatalogContent catalog) => catalog with { NextDirectory = _nextDirectory };

    private void RefuseClosed()
    {
        if (_closed)
        {
            throw new CollectionException(CollectionError.Closed, "", "The store has been closed.", "Open it again.");
        }
    }
}
