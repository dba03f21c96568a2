using System.Collections.Immutable;

namespace SearchEngine.Collections.Catalog;

/// <summary>Which collections a store has, where they stand, and what else they are called. Immutable: switched as a whole.</summary>
internal sealed record CatalogContent(
    ulong NextDirectory, ImmutableSortedDictionary<string, string> Directories, ImmutableSortedDictionary<string, Alias> Aliases)
{
    public static CatalogContent Empty { get; } = new(
        1, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, Alias>(StringComparer.Ordinal));

    /// <summary>The collection's own name, whether it or an alias was given; null when there is none.</summary>
    public string? Resolve(string name) =>
        Directories.ContainsKey(name) ? name : Aliases.TryGetValue(name, out Alias? alias) ? alias.Collection : null;

    /// <summary>All switches in one step, or none: any that cannot be made refuses all.</summary>
    public CatalogContent With(IReadOnlyList<AliasSwitch> switches, DateTimeOffset now)
    {
        ImmutableSortedDictionary<string, Alias>.Builder aliases = Aliases.ToBuilder();
        var seen = new HashSet<string>();
        for (int i = 0; i < switches.Count; i++)
        {
            Apply(switches[i], $"actions[{i}]", aliases, seen, now);
        }
        return this with { Aliases = aliases.ToImmutable() };
    }

    /// <summary>Without a collection, and without the aliases that point to it where the policy says so.</summary>
    public CatalogContent Without(string name, AliasPolicy policy, out string directory)
    {
        if (!Directories.TryGetValue(name, out string? found))
        {
            throw new CollectionException(
                CollectionError.CollectionUnknown, "collection", $"There is no collection \"{name}\".", "Use its own name, not an alias.");
        }
        string[] pointing = [.. Aliases.Values.Where(a => a.Collection == name).Select(static a => a.Name)];
        if (pointing.Length > 0 && policy == AliasPolicy.Refuse)
        {
            throw new CollectionException(
                CollectionError.AliasConflict, "aliases", $"Aliases point to collection \"{name}\": {string.Join(", ", pointing)}.",
                "Switch them elsewhere first.");
        }
        directory = found;
        return this with { Directories = Directories.Remove(name), Aliases = Aliases.RemoveRange(pointing) };
    }

    private void Apply(
        AliasSwitch change, string field, ImmutableSortedDictionary<string, Alias>.Builder aliases, HashSet<string> seen,
        DateTimeOffset now)
    {
        NameCheck.Validate(change.Name, field + ".alias");
        if (!seen.Add(change.Name))
        {
            throw new CollectionException(
                CollectionError.AliasConflict, field, $"Alias \"{change.Name}\" is switched twice.", "Name each alias once.");
        }
        if (Directories.ContainsKey(change.Name))
        {
            throw new CollectionException(
                CollectionError.AliasConflict, field + ".alias", $"\"{change.Name}\" is the name of a collection.",
                "Choose another alias.");
        }
        string? current = aliases.TryGetValue(change.Name, out Alias? alias) ? alias.Collection : null;
        if (change.Expected is not null && change.Expected != current)
        {
            throw new CollectionException(
                CollectionError.AliasConflict, field + ".expected_collection",
                $"Alias \"{change.Name}\" points to {(current is null ? "nothing" : $"\"{current}\"")}, not to \"{change.Expected}\".",
                "Read the aliases again and decide anew.");
        }
        if (change.Collection is null)
        {
            aliases.Remove(change.Name);
        }
        else if (!Directories.ContainsKey(change.Collection))
        {
            throw new CollectionException(
                CollectionError.CollectionUnknown, field + ".collection", $"There is no collection \"{change.Collection}\".",
                "Create it first; aliases of aliases are not possible.");
        }
        else
        {
            aliases[change.Name] = new Alias(change.Name, change.Collection, now, current);
        }
    }
}
