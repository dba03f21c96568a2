using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Manifests;

/// <summary>Where damaged data is kept: somebody may be able to read more of it than this program.</summary>
internal static class QuarantineDirectory
{
    /// <summary>Moves something to the quarantine of a directory, where nothing removes it.</summary>
    /// <returns>Where it is.</returns>
    public static string Take(string directory, string name, IFileLayer files)
    {
        string quarantine = Path.Combine(directory, StoreLayout.Quarantine), place = Path.Combine(quarantine, name);
        files.CreateDirectory(quarantine);
        for (int copy = 2; files.Exists(place); copy++)
        {
            place = Path.Combine(quarantine, $"{name}-{copy}");
        }

        files.Rename(Path.Combine(directory, name), place);
        files.SyncDirectory(quarantine);
        return place;
    }
}
