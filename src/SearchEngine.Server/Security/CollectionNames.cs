namespace SearchEngine.Server.Security;

/// <summary>The collections of a key: names, and beginnings of names written with a "*" at their end.</summary>
internal sealed class CollectionNames
{
    private readonly HashSet<string> _names;
    private readonly string[] _beginnings;

    public CollectionNames(IReadOnlyList<string> listed)
    {
        Listed = listed;
        _names = listed.Where(static n => !n.EndsWith('*')).ToHashSet(StringComparer.Ordinal);
        _beginnings = [.. listed.Where(static n => n.EndsWith('*')).Select(static n => n[..^1])];
    }

    public IReadOnlyList<string> Listed { get; }

    public bool Contains(string collection) =>
        _names.Contains(collection) || _beginnings.Any(b => collection.StartsWith(b, StringComparison.Ordinal));
}
