using System.Collections.Immutable;

namespace SearchEngine.Collections.Catalog;

/// <summary>
/// What a store is at one moment: its catalog and its open collections. Immutable and switched as a whole, so that a look-up waits for
/// nothing and never sees half of a switch.
/// </summary>
/// <param name="Unopened">Collections that are too damaged to be opened, and why.</param>
internal sealed record StoreContent(
    CatalogContent Catalog, ImmutableDictionary<string, Collection> Open, ImmutableDictionary<string, CollectionException> Unopened)
{
    public static StoreContent Of(CatalogContent catalog) => new(
        catalog, ImmutableDictionary.Create<string, Collection>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, CollectionException>(StringComparer.Ordinal));

    /// <summary>The collection with a name or alias; null when there is none.</summary>
    /// <exception cref="CollectionException">Quarantined: it is too damaged. Closed: the store is.</exception>
    public Collection? Find(string nameOrAlias)
    {
        if (Catalog.Resolve(nameOrAlias) is not { } name)
        {
            return null;
        }
        if (Open.TryGetValue(name, out Collection? collection))
        {
            return collection;
        }
        throw Unopened.TryGetValue(name, out CollectionException? damage)
            ? new CollectionException(
                CollectionError.Quarantined, "collection", $"Collection \"{name}\" cannot be opened: {damage.What}",
                "Restore a snapshot under another name, or drop it.", damage)
            : new CollectionException(CollectionError.Closed, "", "The store has been closed.", "Open it again.");
    }

    /// <exception cref="CollectionException">CollectionExists: a collection or an alias has the name.</exception>
    public void RefuseTaken(string name)
    {
        if (Catalog.Resolve(name) is not null)
        {
            throw new CollectionException(
                CollectionError.CollectionExists, "collection",
                $"The name \"{name}\" is taken by {(Catalog.Directories.ContainsKey(name) ? "a collection" : "an alias")}.",
                "Choose another name, or delete what has it.");
        }
    }

    public StoreContent With(string name, Collection collection, CatalogContent catalog) =>
        this with { Catalog = catalog, Open = Open.Add(name, collection) };

    public StoreContent Without(string name, CatalogContent catalog) =>
        this with { Catalog = catalog, Open = Open.Remove(name), Unopened = Unopened.Remove(name) };
}
