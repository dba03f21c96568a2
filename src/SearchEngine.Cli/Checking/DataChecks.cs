using SearchEngine.Collections;

namespace SearchEngine.Cli.Checking;

/// <summary>A data directory, read to the last byte. Opens it as a server would: logs are replayed, a torn tail is cut.</summary>
internal static class DataChecks
{
    private const string Fix = "Restore a snapshot (`searchengine snapshot list`), or import again; what is set aside is not searched and nothing else is affected.";

    public static IEnumerable<Finding> Of(string data, CancellationToken cancel)
    {
        if (!Directory.Exists(data))
        {
            return [new Finding("data", FindingState.Fails, $"There is no directory {data}.", "Name the directory that `serve --data` was given.")];
        }
        try
        {
            using CollectionStore store = CollectionStore.Open(data);
            return [.. store.Damage.Select(Damaged), .. store.Names.Order(StringComparer.Ordinal).SelectMany(name => Scrub(store, name, cancel))];
        }
        catch (Exception refused) when (refused is CollectionException or IOException or UnauthorizedAccessException)
        {
            return [new Finding("data", FindingState.Fails, refused.Message, "A running server has its directory to itself: stop it, or ask it (`searchengine collection describe`).")];
        }
    }

    private static IEnumerable<Finding> Scrub(CollectionStore store, string name, CancellationToken cancel)
    {
        Collection collection = store.Get(name);
        Quarantined[] damage = [.. collection.Damage, .. collection.Scrub(cancel)];
        return damage.Length == 0
            ? [new Finding($"collection {name}", FindingState.Ok, $"{collection.DocumentCount} documents, every checksum right")]
            : damage.Select(Damaged);
    }

    private static Finding Damaged(Quarantined damage) =>
        new($"damage: {damage.What}", FindingState.Fails, $"{damage.Reason} ({damage.Documents} documents)", Fix);
}
