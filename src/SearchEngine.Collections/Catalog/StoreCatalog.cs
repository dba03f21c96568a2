using System.Globalization;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Catalog;

/// <summary>
/// What a store consists of at the moment, in memory and on the disk: one step changes both. Look-ups wait for nothing; changes wait for
/// each other, and never for data that is read, written or removed.
/// </summary>
internal sealed class StoreCatalog
{
    private const string DirectoryPrefix = "collection-";

    private readonly Lock _gate = new();
    private readonly CatalogFile _file;
    private readonly List<Quarantined> _damage = [];

    /// <summary>Names of collections that are being made.</summary>
    private readonly HashSet<string> _reserved = new(StringComparer.Ordinal);
    private ulong _nextDirectory;
    private StoreContent _content;
    private bool _closed;

    public StoreCatalog(IFileLayer files, string root)
    {
        _file = new CatalogFile(files, root);
        _content = StoreContent.Of(_file.Load(_damage));
        _nextDirectory = _content.Catalog.NextDirectory;
    }

    public StoreContent Content => Volatile.Read(ref _content);

    /// <summary>Of the catalog itself, and collections that could not be opened.</summary>
    public IReadOnlyList<Quarantined> Damage => _damage;

    /// <summary>Whether a directory entry is one that holds a collection, or held one.</summary>
    public static bool IsCollection(string entry) => entry.StartsWith(DirectoryPrefix, StringComparison.Ordinal);

    /// <summary>Writes a catalog that was found damaged anew.</summary>
    public void Repair() => _file.Publish(_content.Catalog);

    /// <summary>A collection of the catalog has been opened. Before anyone else knows the store.</summary>
    public void Opened(string name, Collection collection) => _content = _content.With(name, collection, _content.Catalog);

    /// <summary>A collection of the catalog cannot be opened; the others serve. Before anyone else knows the store.</summary>
    public void Unopened(string name, string directory, CollectionException damaged)
    {
        _content = _content with { Unopened = _content.Unopened.Add(name, damaged) };
        _damage.Add(new Quarantined(directory, $"Collection \"{name}\" cannot be opened: {damaged.What}", 0));
    }

    /// <summary>Keeps a name for a collection that is being made, until <see cref="Release"/>.</summary>
    /// <returns>The directory to make it in.</returns>
    public string Reserve(string name)
    {
        lock (_gate)
        {
            RefuseClosed();
            _content.RefuseTaken(name);
            if (!_reserved.Add(name))
            {
                throw new CollectionException(
                    CollectionError.CollectionExists, "collection", $"A collection \"{name}\" is being made.",
                    "Choose another name, or wait.");
            }
            // Not used again after a failure: a catalog that may be on the disk could name it.
            return DirectoryPrefix + (_nextDirectory++).ToString("D6", CultureInfo.InvariantCulture);
        }
    }

    public void Release(string name)
    {
        lock (_gate)
        {
            _reserved.Remove(name);
        }
    }

    /// <summary>A collection that was made is found from now on, and after a restart.</summary>
    public void Enter(string name, string entry, Collection collection)
    {
        lock (_gate)
        {
            RefuseClosed();
            _content.RefuseTaken(name);
            CatalogContent catalog = _content.Catalog;
            Publish(_content.With(name, collection, catalog with { Directories = catalog.Directories.Add(name, entry) }));
        }
    }

    /// <summary>A collection is found no more.</summary>
    /// <returns>What to close, what to remove, and why a loss of power may bring it back, if it may.</returns>
    public (Collection? Collection, string Directory, Exception? Doubt) Remove(string name, AliasPolicy aliases)
    {
        lock (_gate)
        {
            RefuseClosed();
            CatalogContent catalog = _content.Catalog.Without(name, aliases, out string directory);
            Exception? doubt = _file.Publish(Numbered(catalog));
            Collection? removed = _content.Open.GetValueOrDefault(name);
            Volatile.Write(ref _content, _content.Without(name, catalog));
            return (removed, directory, doubt);
        }
    }

    /// <summary>Switches aliases, all in one step or none.</summary>
    public void Switch(IReadOnlyList<AliasSwitch> switches, DateTimeOffset now)
    {
        lock (_gate)
        {
            RefuseClosed();
            Publish(_content with { Catalog = _content.Catalog.With(switches, now) });
        }
    }

    /// <summary>Nothing is found and nothing changes any more.</summary>
    /// <returns>The collections to close; null when it was closed before.</returns>
    public IEnumerable<Collection>? Close()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }
            _closed = true;
            StoreContent last = _content;
            Volatile.Write(ref _content, StoreContent.Of(last.Catalog));
            return last.Open.Values;
        }
    }

    // What may not survive is not begun: nobody could rely on it.
    private void Publish(StoreContent next)
    {
        if (_file.Publish(Numbered(next.Catalog)) is { } doubt)
        {
            throw new IOException(
                $"The catalog may not survive a loss of power, so nothing is changed until a restart: {doubt.Message}", doubt);
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
