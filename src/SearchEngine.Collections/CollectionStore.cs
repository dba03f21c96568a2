using System.Collections.Concurrent;
using SearchEngine.Collections.Catalog;
using SearchEngine.Collections.Core;
using SearchEngine.Collections.Manifests;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Snapshots;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections;

/// <summary>The collections of one directory, and their aliases. One process at a time opens it. Any thread may call anything.</summary>
public sealed class CollectionStore : IDisposable
{
    private readonly IFileLayer _files;
    private readonly StoreLock _lock;
    private readonly string _root;
    private readonly StoreCatalog _catalog;
    private readonly Func<string, CollectionSettings> _settings;
    private readonly TimeProvider _clock;
    private readonly SnapshotShelf _snapshots;

    /// <summary>Directories of snapshots that are being taken.</summary>
    private readonly ConcurrentDictionary<string, bool> _taking = new(StringComparer.Ordinal);

    private CollectionStore(string root, IFileLayer files, StoreLock held, Func<string, CollectionSettings> settings, TimeProvider clock)
    {
        _root = root;
        _files = files;
        _lock = held;
        _settings = settings;
        _clock = clock;
        _snapshots = new SnapshotShelf(root, files);
        _catalog = new StoreCatalog(files, root);
    }

    /// <summary>Own names of the collections.</summary>
    public IReadOnlyList<string> Names => [.. _catalog.Content.Catalog.Directories.Keys];

    public IReadOnlyList<Alias> Aliases => [.. _catalog.Content.Catalog.Aliases.Values];

    /// <summary>Damage of the catalog, and collections that could not be opened. What a collection that serves has lost is its own
    /// to say.</summary>
    public IReadOnlyList<Quarantined> Damage => _catalog.Damage;

    /// <summary>Opens a store, all of its collections included; makes an empty one of an empty or missing directory.</summary>
    /// <param name="settings">By collection name; null takes the defaults for all.</param>
    public static CollectionStore Open(string directory, Func<string, CollectionSettings>? settings = null, TimeProvider? clock = null) =>
        Open(directory, settings, clock ?? TimeProvider.System, DiskFileLayer.Instance);

    internal static CollectionStore Open(string directory, Func<string, CollectionSettings>? settings, TimeProvider clock, IFileLayer files)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
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
        CollectionError.CollectionUnknown, "collection", $"There is no collection or alias \"{nameOrAlias}\".",
        "Create it, or look at the list of collections.");

    public Collection? TryGet(string nameOrAlias) => _catalog.Content.Find(nameOrAlias);

    /// <summary>Removes a collection and its files; searches that run on it end well.</summary>
    /// <param name="name">Its own name.</param>
    /// <param name="aliases">Whether aliases that point to it are removed too; otherwise there must be none.</param>
    public void Drop(string name, AliasPolicy aliases = AliasPolicy.Refuse)
    {
        (Collection? dropped, string directory, Exception? doubt) = _catalog.Remove(name, aliases);
        dropped?.Dispose();
        if (doubt is not null)
        {
            // The next start decides: it finds the collection whole, or not at all.
            throw new IOException($"Collection \"{name}\" is dropped, but a loss of power may bring it back: {doubt.Message}", doubt);
        }
        _files.DeleteDirectory(Path.Combine(_root, directory));
    }

    /// <summary>Switches aliases, all in one step or none.</summary>
    public void SwitchAliases(IReadOnlyList<AliasSwitch> switches) => _catalog.Switch(switches, _clock.GetUtcNow());

    /// <summary>Takes a snapshot that shares the collection's files: it costs the time to read them once, and room only for what
    /// is merged away later.</summary>
    /// <param name="progress">Told after each file of a segment: bytes that are in place and read for their checksums.</param>
    public Task<SnapshotDescription> SnapshotAsync(
        string collection, string name, CancellationToken cancel = default, IProgress<WorkProgress>? progress = null)
    {
        NameCheck.Validate(name, "name");
        Collection source = Get(collection);
        return Take(source, name, _snapshots.DirectoryOf(source.Name, name), _files.Link, progress, cancel);
    }

    /// <summary>Copies a snapshot to a directory of its own, which must not exist: it shares nothing with the store.</summary>
    /// <param name="progress">As for a snapshot.</param>
    public Task<SnapshotDescription> BackupAsync(
        string collection, string directory, CancellationToken cancel = default, IProgress<WorkProgress>? progress = null)
    {
        Collection source = Get(collection);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        string entry = Path.GetRelativePath(_root, full).Split(Path.DirectorySeparatorChar)[0];
        if (StoreCatalog.IsCollection(entry) || entry == StoreLayout.Snapshots)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, "directory", $"The place of the backup lies within \"{entry}\" of the store, and would go with it.",
                "Choose a directory outside of the store, or take a snapshot.");
        }
        DurableFolder.Make(Path.GetDirectoryName(full)!);
        return Take(source, Path.GetFileName(full), full, new FileCopy(_files).Run, progress, cancel);
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
    /// <param name="progress">Told after each file: bytes checked.</param>
    public Collection Restore(
        string name, string snapshotDirectory, string? expectedManifest = null, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
        NameCheck.Validate(name, "collection");
        string snapshot = Path.TrimEndingDirectorySeparator(Path.GetFullPath(snapshotDirectory));
        return Make(name, directory => SnapshotRestore.Run(snapshot, directory, expectedManifest, _files, progress, cancel));
    }

    /// <summary>Ends writes, brings what was acknowledged to the disk, and lets another process open the store. Scrolls that are
    /// open go on.</summary>
    public void Dispose()
    {
        if (_catalog.Close() is not { } open)
        {
            return;
        }
        try
        {
            Parallel.ForEach(open, static collection => collection.Dispose());
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private async Task<SnapshotDescription> Take(
        Collection source, string name, string directory, Action<string, string> place, IProgress<WorkProgress>? progress, CancellationToken cancel)
    {
        if (!_taking.TryAdd(directory, true))
        {
            throw SnapshotWriter.Taken(name);
        }
        try
        {
            return await source.SnapshotAsync(name, directory, place, _clock, progress, cancel).ConfigureAwait(false);
        }
        finally
        {
            _taking.TryRemove(directory, out _);
        }
    }

    private void OpenAll()
    {
        if (_catalog.Damage.Count == 0)
        {
            RemoveLeftovers();
        }
        else
        {
            _catalog.Repair();
        }
        foreach ((string name, string directory) in _catalog.Content.Catalog.Directories)
        {
            try
            {
                _catalog.Opened(name, CollectionFactory.Open(name, Path.Combine(_root, directory), _settings(name), _files, _clock));
            }
            catch (CollectionException damaged) when (damaged.Error == CollectionError.Checksum)
            {
                _catalog.Unopened(name, directory, damaged);
            }
        }
    }

    // Directories of ours that no catalog names: a create, drop or restore that a crash cut short.
    private void RemoveLeftovers()
    {
        foreach (string entry in _files.List(_root))
        {
            bool ours = StoreCatalog.IsCollection(entry) && _files.IsDirectory(Path.Combine(_root, entry));
            if (ours && !_catalog.Content.Catalog.Directories.ContainsValue(entry))
            {
                _files.DeleteDirectory(Path.Combine(_root, entry));
            }
        }
    }

    // The long part runs while only the name is taken: look-ups and other collections wait for nothing.
    private Collection Make(string name, Action<string> fill)
    {
        string entry = _catalog.Reserve(name);
        try
        {
            string directory = Path.Combine(_root, entry);
            _files.DeleteDirectory(directory);
            fill(directory);
            return Enter(name, entry, CollectionFactory.Open(name, directory, _settings(name), _files, _clock));
        }
        finally
        {
            _catalog.Release(name);
        }
    }

    private Collection Enter(string name, string entry, Collection collection)
    {
        try
        {
            _catalog.Enter(name, entry, collection);
            return collection;
        }
        catch
        {
            collection.Dispose();
            throw;
        }
    }
}
