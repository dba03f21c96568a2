using System.Globalization;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Removes what a crash left of our own: segments and dead rows that were written and never named by a manifest. Anything else that
/// lies around is somebody's, and stays.
/// </summary>
internal static class Leftovers
{
    public static void Remove(CollectionPaths paths, DurableState durable, IFileLayer files)
    {
        HashSet<string> named = [.. durable.Files().Select(Path.GetFileName).OfType<string>()];
        foreach (string entry in files.List(paths.Segments))
        {
            string id = entry.EndsWith(".tmp", StringComparison.Ordinal) ? entry[..^4] : entry;
            if (ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !named.Contains(entry))
            {
                files.DeleteDirectory(Path.Combine(paths.Segments, entry));
            }
        }
        foreach (string entry in files.List(paths.Root))
        {
            bool ours = entry.StartsWith("dead-", StringComparison.Ordinal)
                || (entry.StartsWith("MANIFEST-", StringComparison.Ordinal) && entry.EndsWith(".tmp", StringComparison.Ordinal));
            if (ours && !named.Contains(entry))
            {
                files.Delete(Path.Combine(paths.Root, entry));
            }
        }
    }
}
