namespace SearchEngine.Server.Security;

/// <summary>What reading the key file again has changed, by the names of keys.</summary>
/// <param name="Keys">In force now.</param>
internal sealed record KeyChanges(int Keys, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed)
{
    public static KeyChanges Between(KeyTable before, KeyTable after)
    {
        Dictionary<string, KeyEntry> old = before.Entries.ToDictionary(static e => e.Name, StringComparer.Ordinal);
        HashSet<string> now = after.Entries.Select(static e => e.Name).ToHashSet(StringComparer.Ordinal);
        return new KeyChanges(
            after.Entries.Count,
            [.. after.Entries.Where(e => !old.ContainsKey(e.Name)).Select(static e => e.Name)],
            [.. before.Entries.Where(e => !now.Contains(e.Name)).Select(static e => e.Name)],
            [.. after.Entries.Where(e => old.TryGetValue(e.Name, out KeyEntry? known) && known.Meaning != e.Meaning).Select(static e => e.Name)]);
    }
}
